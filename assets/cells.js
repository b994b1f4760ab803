// The notebook's cells under the hand: command mode and its keys as Jupyter and marimo have them, dragging by the
// handle, jumping. Keys never fire in a field or on the canvas. editor/cells/desk.py is the server's half.
(() => {

const FIELDS = "input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable=''], [contenteditable='true']"
const PRESSED = "button, a[href], summary, input, [role=menuitem]"
const TWICE_MS = 900
const calm = () => window.matchMedia("(prefers-reduced-motion: reduce)").matches

let send = () => {}
let last = null // the cell that was in use last
let copied = null
let firstD = 0
let left = null // the cell that Shift-Enter led out of: that it is written now does not lead back
let inCanvas = false
let full = null
let keeping = 0

// The cells' frames in order, wherever in the nested shadow roots they stand.
function frames(root = document, found = []) {
  for (const element of root.querySelectorAll("*")) {
    if (element.dataset?.cell) found.push(element)
    else if (element.shadowRoot) frames(element.shadowRoot, found)
  }
  return found
}

const frameOf = id => frames().find(frame => frame.dataset.cell === id)
const cellIn = path => path.find(node => node.dataset?.cell)
const canvasIn = path => path.find(node => node.dataset?.testid === "canvas")

function walk(root, holds) {
  for (const element of root.querySelectorAll("*")) {
    if (holds(element)) return element
    const inner = element.shadowRoot && walk(element.shadowRoot, holds)
    if (inner) return inner
  }
  return null
}

// Cells that move are taken out of the page and put in again, which loses the focus: it is given back for a moment.
function keep(count = 90) {
  const mine = ++keeping
  const look = left => {
    if (mine !== keeping || !left) return
    if (document.activeElement === document.body) frameOf(last)?.focus({ preventScroll: true })
    requestAnimationFrame(() => look(left - 1))
  }
  look(count)
}

function select(frame) {
  if (!frame) return
  last = frame.dataset.cell
  keep()
  frame.focus({ preventScroll: true })
  frame.scrollIntoView({ block: "nearest", behavior: calm() ? "auto" : "smooth" })
}

// A cell that was made just now comes to the page a moment later.
function selectSoon(id, tries = 120) {
  const frame = frameOf(id)
  if (frame) requestAnimationFrame(() => select(frame))
  else if (tries) requestAnimationFrame(() => selectSoon(id, tries - 1))
}

function current() {
  const all = frames()
  return all.find(frame => frame.dataset.cell === last) ?? null
}

function step(by) {
  const all = frames()
  const at = all.findIndex(frame => frame.dataset.cell === last)
  select(all[at < 0 ? 0 : Math.min(Math.max(at + by, 0), all.length - 1)])
}

// Goes from a cell into it: to its canvas or its first field.
function enter(frame) {
  const root = frame.shadowRoot
  const canvas = walk(root, element => element.dataset?.testid === "canvas")
  if (canvas) return (canvas.matches("[tabindex]") ? canvas : walk(canvas, element => element.matches(".react-flow__pane, [tabindex]")) ?? canvas).focus()
  const field = walk(root, element => element.matches(FIELDS) && element.checkVisibility())
  const control = field ?? walk(root, element => element.matches("button:not(.fold), [tabindex]") && element.checkVisibility())
  control?.focus()
}

function say(action, frame, value = null) {
  send({ action, cell: frame?.dataset.cell ?? null, value })
}

function leaveFull() {
  if (!full) return false
  send({ action: "full", cell: full, value: false })
  return true
}

// The canvas has the first word: Escape ends what is open or selected there before it leads out.
function canvasIsIdle(canvas) {
  return !canvas.querySelector(".react-flow__node.selected, .react-flow__edge.selected, [role=dialog], .search, .trail")
}

function openSheet(name) {
  const sheet = walk(document, element => element.dataset?.sheet === name)
  if (!sheet) return
  if (!sheet.open) sheet.showModal()
  const field = sheet.querySelector("input")
  field?.focus()
  field?.select()
}

function inSheet(event, sheet) {
  const items = [...sheet.querySelectorAll("[data-hit]")]
  const target = event.composedPath()[0]
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    const at = items.indexOf(target) + (event.key === "ArrowDown" ? 1 : -1)
    if (at < 0) sheet.querySelector("input")?.focus()
    else items[Math.min(at, items.length - 1)]?.focus()
    event.preventDefault()
  } else if (event.key === "Enter" && target.matches("input")) {
    items[0]?.click()
    event.preventDefault()
  }
}

// Tab in code: four spaces at the pen, or every chosen line further in; with Shift further out.
function indent(area, back) {
  const { selectionStart: from, selectionEnd: to, value } = area
  if (from === to && !back) {
    document.execCommand("insertText", false, "    ")
    return
  }
  const start = value.lastIndexOf("\n", from - 1) + 1
  const lines = value.slice(start, to).split("\n")
  const moved = lines.map(line => (back ? line.replace(/^ {1,4}/, "") : line && `    ${line}`))
  area.setSelectionRange(start, to)
  document.execCommand("insertText", false, moved.join("\n"))
  const pen = Math.max(start, from + moved[0].length - lines[0].length)
  if (from === to) area.setSelectionRange(pen, pen)
  else area.setSelectionRange(start, start + moved.join("\n").length)
}

// A new line of code begins where the one before it does, and further in after a colon.
function newLine(area) {
  const before = area.value.slice(0, area.selectionStart)
  const line = before.slice(before.lastIndexOf("\n") + 1)
  const deeper = /:\s*(#.*)?$/.test(line) ? "    " : ""
  document.execCommand("insertText", false, `\n${line.match(/^ */)[0]}${deeper}`)
}

// Keys with the focus in a field: only ways out.
function inField(event, field, frame) {
  const form = field.closest("form")
  if (event.key === "Tab" && field.matches("textarea[data-code]") && !event.ctrlKey && !event.altKey && !event.metaKey) {
    event.preventDefault()
    indent(field, event.shiftKey)
  } else if (event.key === "Enter" && field.matches("textarea[data-code]") && !event.shiftKey && !event.ctrlKey && !event.metaKey && !event.isComposing) {
    event.preventDefault()
    newLine(field)
  } else if (event.key === "Enter" && (event.shiftKey || event.ctrlKey || event.metaKey) && field.matches("textarea")) {
    event.preventDefault()
    event.stopPropagation()
    form?.requestSubmit()
    say("run", frame)
    if (event.shiftKey) {
      left = frame.dataset.cell
      afterRun(frame)
    } else requestAnimationFrame(() => select(frame))
  } else if (event.key === "Escape" && field.matches("textarea") && form && !form.dataset.escape) {
    event.preventDefault()
    event.stopPropagation()
    form.requestSubmit()
  } else if (event.key === "Escape" && !field.closest("[data-escape], details[open].wf-menu")) {
    event.preventDefault()
    select(frame)
  }
}

function afterRun(frame) {
  const all = frames()
  const next = all[all.indexOf(frame) + 1]
  if (next) select(next)
  else say("add-below", frame)
}

function command(event, frame) {
  const shift = event.shiftKey
  switch (event.key) {
    case "ArrowUp": case "ArrowDown": {
      const by = event.key === "ArrowUp" ? -1 : 1
      return shift ? () => frame && say("step", frame, by) : () => step(by)
    }
    case "j": return () => step(1)
    case "k": return () => step(-1)
    case "Home": return () => select(frames()[0])
    case "End": return () => select(frames().at(-1))
    case "a": return () => say("add-above", frame)
    case "b": return () => say("add-below", frame)
    case "c": return frame && (() => { copied = frame.dataset.cell })
    case "v": return frame && copied && (() => send({ action: "duplicate", cell: copied, value: frame.dataset.cell }))
    case "o": return frame && (() => say("fold", frame))
    case "f": return frame?.dataset.kind === "network" && (() => say("full", frame, full !== frame.dataset.cell))
    case "e": return frame?.dataset.kind === "network" && (() => say("code", frame))
    case "F2": return frame && (() => say("rename", frame))
    case "z": return () => send({ action: "undo" })
    case "Z": return () => send({ action: "redo" })
    case "?": return () => openSheet("keys")
    case "Escape": return full ? leaveFull : null
    case "d": return frame && (() => {
      if (event.timeStamp - firstD < TWICE_MS) say("remove", frame)
      firstD = event.timeStamp - firstD < TWICE_MS ? 0 : event.timeStamp
    })
    case "Enter":
      if (!frame) return null
      if (event.ctrlKey || event.metaKey) return () => say("run", frame)
      if (shift) return () => { say("run", frame); afterRun(frame) }
      return () => (frame.dataset.kind === "text" || frame.dataset.kind === "code" ? say("edit", frame) : enter(frame))
  }
  return null
}

function onKey(event) {
  if (event.defaultPrevented || event.isComposing || event.altKey) return
  const path = event.composedPath()
  const target = path[0]
  const sheet = path.find(node => node.nodeName === "DIALOG")
  if (sheet) return inSheet(event, sheet)
  if (walk(document, element => element.nodeName === "DIALOG" && element.open)) return
  const control = event.ctrlKey || event.metaKey
  if (control && event.shiftKey && event.key.toLowerCase() === "f") {
    event.preventDefault()
    return openSheet("search")
  }
  const canvas = canvasIn(path)
  const frame = cellIn(path)
  if (canvas || (inCanvas && target === document.body)) {
    const drawn = canvas ?? (current() && walk(current().shadowRoot, e => e.dataset?.testid === "canvas"))
    if (event.key === "e" && !control && !target.matches?.(FIELDS) && drawn && !drawn.querySelector("[role=dialog], .search")) {
      event.preventDefault()
      return say("code", frame ?? current())
    }
    if (event.key !== "Escape" || target.matches?.(FIELDS) || !drawn || !canvasIsIdle(drawn)) return
    event.preventDefault()
    event.stopPropagation()
    inCanvas = false
    if (!leaveFull()) select(frame ?? current())
    return
  }
  if (target.matches?.(FIELDS)) return frame && inField(event, target, frame)
  if (control && event.key !== "Enter") return
  if (path.some(node => node.matches?.("details[open].wf-menu"))) return
  if (target.matches?.(PRESSED) && ["Enter", " ", "ArrowUp", "ArrowDown"].includes(event.key) && !control && !event.shiftKey) return
  const onCell = target === frame || target === document.body || target === document.documentElement
  if (event.key.startsWith("Arrow") && !onCell && !event.shiftKey) return
  if (!frame && !onCell && !["?", "z"].includes(event.key)) return
  const perform = command(event, frame ?? current())
  if (!perform) return
  event.preventDefault()
  event.stopPropagation()
  keep()
  perform()
}

function touch(event) {
  const path = event.composedPath()
  if (event.type === "pointerdown") keeping++
  inCanvas = Boolean(canvasIn(path))
  const frame = cellIn(path)
  if (!frame) return
  last = frame.dataset.cell
  if (last === left) left = null
}

// Dragging by the handle: a line shows where the cell would go.
function drag(event) {
  const path = event.composedPath()
  if (event.button !== 0 || !path.some(node => node.dataset?.drag !== undefined)) return
  const dragged = cellIn(path)
  if (!dragged) return
  event.preventDefault()
  last = dragged.dataset.cell
  dragged.focus({ preventScroll: true })
  dragged.classList.add("wf-dragged")
  const line = document.createElement("div")
  line.className = "wf-drop"
  document.body.append(line)
  let place = null
  const move = at => {
    const others = frames().filter(frame => frame !== dragged)
    const boxes = others.map(frame => frame.getBoundingClientRect())
    place = boxes.filter(box => at.clientY > (box.top + box.bottom) / 2).length
    const box = boxes[Math.min(place, boxes.length - 1)]
    if (box) {
      line.style.left = `${box.left}px`
      line.style.width = `${box.width}px`
      line.style.top = `${place < boxes.length ? box.top - 15 : box.bottom + 13}px`
    }
    if (at.clientY < 110) window.scrollBy(0, -14)
    else if (at.clientY > window.innerHeight - 60) window.scrollBy(0, 14)
  }
  const end = at => {
    window.removeEventListener("pointermove", move, true)
    window.removeEventListener("pointerup", end, true)
    window.removeEventListener("pointercancel", end, true)
    window.removeEventListener("keydown", giveUp, true)
    line.remove()
    dragged.classList.remove("wf-dragged")
    if (at.type === "pointerup" && place !== null) say("move", dragged, place)
  }
  const giveUp = key => {
    if (key.key !== "Escape") return
    key.stopPropagation()
    end(key)
  }
  window.addEventListener("pointermove", move, true)
  window.addEventListener("pointerup", end, true)
  window.addEventListener("pointercancel", end, true)
  window.addEventListener("keydown", giveUp, true)
}

// In full window only the one cell is there, for the Tab key too.
function fill(id, on) {
  full = on ? id : null
  document.body.style.overflow = on ? "hidden" : ""
  document.getElementById("wf-bar").inert = on
  for (const frame of frames()) frame.inert = on && frame.dataset.cell !== id
  select(frameOf(id))
}

window.weftwork.openSheet = openSheet

// To a cell, or to a node or heading in it.
window.weftwork.jump = place => {
  const [cell, kind, name] = place.split("\n")
  walk(document, element => element.nodeName === "DIALOG" && element.open)?.close()
  const frame = frameOf(cell)
  if (!frame) return
  last = cell
  frame.focus({ preventScroll: true })
  if (kind === "node") {
    // Only the canvas knows where a node is that is not on screen.
    frame.scrollIntoView({ block: "center", behavior: calm() ? "auto" : "smooth" })
    window.dispatchEvent(new CustomEvent("wf-show-node", { detail: { cell, node: name } }))
    return
  }
  const inner = kind === "heading" ? collect(frame.shadowRoot, "h1, h2, h3, h4, h5, h6")[Number(name)] : null
  const target = inner ?? frame
  const block = target.getBoundingClientRect().height > window.innerHeight * 0.7 ? "start" : "center"
  target.scrollIntoView({ block: inner ? "start" : block, behavior: calm() ? "auto" : "smooth" })
  target.classList.add("wf-revealed")
  setTimeout(() => target.classList.remove("wf-revealed"), 1600)
}

function collect(root, selector, found = []) {
  for (const element of root.querySelectorAll("*")) {
    if (element.matches(selector)) found.push(element)
    if (element.shadowRoot) collect(element.shadowRoot, selector, found)
  }
  return found
}

// What the server tells of cells, by whichever part of the page.
window.weftwork.cellMessage = message => {
  if (message.type === "select" && message.cell) {
    if (message.cell === left) left = null
    else selectSoon(message.cell)
  } else if (message.type === "full") fill(message.cell, message.on)
}

window.weftwork.cellKeys = send_ => {
  send = send_
  window.addEventListener("keydown", onKey, true)
  window.addEventListener("pointerdown", touch, true)
  window.addEventListener("focusin", touch, true)
  window.addEventListener("pointerdown", drag, true)
  return () => {
    window.removeEventListener("keydown", onKey, true)
    window.removeEventListener("pointerdown", touch, true)
    window.removeEventListener("focusin", touch, true)
    window.removeEventListener("pointerdown", drag, true)
  }
}
})()
