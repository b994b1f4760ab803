// Files that are dragged onto the page or chosen in a form: read here, sent with their names, put away by Python.
// A part of the page's head, beside markup.js.
(() => {

// As editor/dropped_files.py has it; what is larger would take long over a websocket.
const LIMIT = 64 * 1024 * 1024

function hasFiles(event) {
  return [...event.dataTransfer?.types ?? []].includes("Files")
}

// `of` is how many files came together.
function sendFile(file, send, of) {
  const told = { action: "drop", name: file.name, size: file.size, of }
  if (file.size > LIMIT) return send({ ...told, content: null })
  const reader = new FileReader()
  reader.onload = () => send({ ...told, content: String(reader.result).split(",", 2)[1] ?? "" })
  // A folder looks like a file until it is read.
  reader.onerror = () => send({ ...told, size: -1, content: null })
  reader.readAsDataURL(file)
}

function sendFiles(files, send) {
  for (const file of files) sendFile(file, send, files.length)
}

// A SavedModel is a folder; the notebook that travels in it stands in one place.
const INSIDE = "assets.extra/notebook.weft"

function sendDropped(transfer, send, most = Infinity) {
  const files = [...transfer.files].slice(0, most)
  const entries = [...transfer.items].filter(item => item.kind === "file").map(item => item.webkitGetAsEntry?.())
  files.forEach((file, index) => {
    const plain = () => sendFile(file, send, files.length)
    const folder = entries[index]
    if (!folder?.isDirectory) return plain()
    const found = inner => sendFile(new File([inner], `${folder.name}.weft`), send, files.length)
    folder.getFile(INSIDE, {}, entry => entry.file(found, plain), plain)
  })
}

function zoneOf(event) {
  return event.target.closest?.("[data-drop]")
}

// Zones inside one component: `data-drop` takes what is dropped on it, `data-upload` what is chosen in it.
window.weftwork.dropZones = function (element, send) {
  element.addEventListener("dragover", event => {
    const zone = hasFiles(event) && zoneOf(event)
    if (!zone) return
    event.preventDefault()
    zone.setAttribute("data-over", "")
  })
  element.addEventListener("dragleave", event => zoneOf(event)?.removeAttribute("data-over"))
  element.addEventListener("drop", event => {
    const zone = hasFiles(event) && zoneOf(event)
    if (!zone) return
    event.preventDefault()
    zone.removeAttribute("data-over")
    sendDropped(event.dataTransfer, send, 1)
  })
  element.addEventListener("change", event => {
    const control = event.target.closest("[data-upload]")
    if (!control) return
    sendFiles(control.files, send)
    control.value = ""
  })
  return element.querySelector("[data-page-drop]") ? pageDrop(element, send) : () => {}
}

// The rest of the page: dropping there adds cells; without this the browser would open the file and leave.
function pageDrop(element, send) {
  const shown = over => element.querySelector("[data-page-drop]")?.toggleAttribute("data-over", over)
  let leaving = 0
  const over = event => {
    if (!hasFiles(event)) return
    clearTimeout(leaving)
    const inZone = event.composedPath().some(node => node.dataset?.drop !== undefined)
    shown(!inZone)
    event.preventDefault()
  }
  const leave = () => {
    clearTimeout(leaving)
    leaving = setTimeout(() => shown(false), 80)
  }
  const drop = event => {
    if (!hasFiles(event)) return
    shown(false)
    if (event.defaultPrevented) return
    event.preventDefault()
    sendDropped(event.dataTransfer, send)
  }
  document.addEventListener("dragover", over)
  document.addEventListener("dragleave", leave)
  document.addEventListener("drop", drop)
  return () => {
    document.removeEventListener("dragover", over)
    document.removeEventListener("dragleave", leave)
    document.removeEventListener("drop", drop)
  }
}
})()
