// The browser's half of editor/pages/markup_view.py: shows HTML made in Python, patches it, reports gestures.
// A part of the page's head, so that many components share one copy.
(() => {

let sheet = null

// One parsed style sheet serves every shadow root of the page; its text stands in the page's head.
function pageStyles() {
  if (sheet === null) {
    sheet = new CSSStyleSheet()
    sheet.replaceSync(document.getElementById("wf-pages")?.textContent ?? "")
  }
  return sheet
}

const CONTROLS = new Set(["INPUT", "SELECT", "TEXTAREA"])

function keyOf(node) {
  return node.nodeType === Node.ELEMENT_NODE ? node.getAttribute("data-key") ?? node.getAttribute("data-testid") : null
}

const classOf = node => node.getAttribute?.("class")

function alike(a, b) {
  return a.nodeType === b.nodeType && a.nodeName === b.nodeName && keyOf(a) === keyOf(b)
}

function patchAttributes(old, fresh) {
  for (const { name, value } of fresh.attributes) {
    if (old.getAttribute(name) !== value) old.setAttribute(name, value)
  }
  for (const { name } of [...old.attributes]) {
    const kept = name === "open" && (old.nodeName === "DETAILS" || old.nodeName === "DIALOG")
    if (!fresh.hasAttribute(name) && !kept) old.removeAttribute(name)
  }
}

function patchControl(old, fresh, focused) {
  if (old === focused) return
  if (old.type === "checkbox" || old.type === "radio") old.checked = fresh.checked
  else if (old.value !== fresh.value) old.value = fresh.value
}

function patch(old, fresh, focused) {
  if (old.nodeType !== Node.ELEMENT_NODE) {
    if (old.nodeValue !== fresh.nodeValue) old.nodeValue = fresh.nodeValue
    return
  }
  if (old.isEqualNode(fresh) && !CONTROLS.has(old.nodeName)) return
  patchAttributes(old, fresh)
  patchChildren(old, fresh, focused)
  if (CONTROLS.has(old.nodeName)) patchControl(old, fresh, focused)
}

// Which old child each new one is the next state of. Those with a key go by it. Of the others, those that look the same
// find each other first, so that what appears above them does not take their place; what is left goes in order.
function matches(parent, fresh) {
  const found = new Map()
  const keyed = new Map()
  const loose = []
  for (const child of parent.childNodes) {
    const key = keyOf(child)
    if (key === null) loose.push(child)
    else keyed.set(key, child)
  }
  let from = 0
  let open = []
  const settle = end => {
    for (const next of open) {
      const old = loose.slice(from, end).find(one => alike(one, next))
      if (!old) continue
      found.set(next, old)
      from = loose.indexOf(old) + 1
    }
    open = []
  }
  for (const next of fresh) {
    const key = keyOf(next)
    if (key !== null) {
      const old = keyed.get(key)
      if (old && alike(old, next)) found.set(next, old)
      keyed.delete(key)
      continue
    }
    let at = from
    while (at < loose.length && !(alike(loose[at], next) && classOf(loose[at]) === classOf(next))) at++
    if (at === loose.length) {
      open.push(next)
      continue
    }
    settle(at)
    found.set(next, loose[at])
    from = at + 1
  }
  settle(loose.length)
  return found
}

function patchChildren(parent, fresh, focused) {
  const wanted = [...fresh.childNodes]
  const found = matches(parent, wanted)
  const stay = new Set(found.values())
  for (const child of [...parent.childNodes]) if (!stay.has(child)) child.remove()
  let place = parent.firstChild
  for (const next of wanted) {
    const old = found.get(next)
    if (!old) parent.insertBefore(next, place)
    else {
      if (old === place) place = place.nextSibling
      else parent.insertBefore(old, place)
      patch(old, next, focused)
    }
  }
}

// While a button is pressed the page stands still: what is drawn between press and release would put another one under
// the pointer, or none, and the press would be lost.
const held = new Set()
let pressed = false

function hold(event) {
  pressed ||= event.button === 0 && event.composedPath().some(node => node.matches?.("button, summary, label, [data-action]"))
}

function release() {
  if (!pressed) return
  pressed = false
  // After the click, which follows the release.
  setTimeout(() => {
    for (const draw of held) draw()
    held.clear()
  })
}

document.addEventListener("pointerdown", hold, true)
for (const end of ["pointerup", "pointercancel"]) window.addEventListener(end, release, true)
// That of the window alone: each control that loses the focus has one of its own.
window.addEventListener("blur", release)

function valueOf(control) {
  if (control.type === "checkbox") return control.checked
  return control.value
}

function fieldsOf(form) {
  const fields = {}
  for (const control of form.elements) if (control.name) fields[control.name] = valueOf(control)
  return fields
}

async function copyText(button, text) {
  try {
    await navigator.clipboard.writeText(text)
  } catch {
    const area = document.createElement("textarea")
    area.value = text
    document.body.append(area)
    area.select()
    document.execCommand("copy")
    area.remove()
  }
  button.setAttribute("data-done", "")
  setTimeout(() => button.removeAttribute("data-done"), 1600)
}

function saveText(name, text) {
  const link = document.createElement("a")
  link.href = URL.createObjectURL(new Blob([text], { type: "text/plain" }))
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), 1000)
}

// What a button is called: by its label, or by what is written on it.
function nameOf(button) {
  return (button.getAttribute("aria-label") ?? button.innerText).trim().split("\n")[0]
}

// Finds an element by its test id in any of the nested shadow roots.
function find(root, testid) {
  const found = root.querySelector(`[data-testid="${CSS.escape(testid)}"]`)
  if (found) return found
  for (const element of root.querySelectorAll("*")) {
    const inner = element.shadowRoot && find(element.shadowRoot, testid)
    if (inner) return inner
  }
  return null
}

function listen(element, send) {
  element.addEventListener("click", event => {
    const target = event.target.closest("[data-action], [data-copy], [data-save], [data-theme-choice], [data-reveal], [data-jump], [data-opens], [data-closes]")
    if (!target || target.nodeName === "FORM" || CONTROLS.has(target.nodeName)) return
    target.closest("details.wf-menu")?.removeAttribute("open")
    if (target.dataset.copy) copyText(target, element.querySelector(target.dataset.copy)?.textContent ?? "")
    else if (target.dataset.save) saveText(target.dataset.save, element.querySelector(target.dataset.from)?.textContent ?? "")
    else if (target.dataset.themeChoice) window.weftwork.setTheme(target.dataset.themeChoice)
    else if (target.dataset.reveal) reveal(target.dataset.reveal)
    else if (target.dataset.jump) window.weftwork.jump(target.dataset.jump)
    else if (target.dataset.closes !== undefined) target.closest("dialog").close()
    else if (target.dataset.opens) window.weftwork.openSheet(target.dataset.opens)
    else if (target.getAttribute("aria-disabled") !== "true") {
      send({ action: target.dataset.action, value: target.dataset.value ?? null }, nameOf(target))
    }
  })
  element.addEventListener("dblclick", event => {
    const target = event.target.closest("[data-dblclick]")
    if (target) send({ action: target.dataset.dblclick, value: target.dataset.value ?? null })
  })
  element.addEventListener("change", event => {
    const control = event.target.closest("[data-field]")
    if (control) send({ action: "set", field: control.dataset.field, value: valueOf(control) }, "")
  })
  element.addEventListener("input", event => {
    const control = event.target.closest("[data-input]")
    if (control) send({ action: control.dataset.input, value: valueOf(control) })
  })
  element.addEventListener("submit", event => {
    event.preventDefault()
    event.target.wfSubmitted = true
    send({ action: event.target.dataset.action, value: event.target.dataset.value ?? null, fields: fieldsOf(event.target) }, "")
  })
  element.addEventListener("focusout", event => {
    const form = event.target.closest("form[data-submit-on-leave]")
    if (form && !form.contains(event.relatedTarget)) form.requestSubmit()
  })
  element.addEventListener("keydown", event => onKey(event, element, send))
}

function onKey(event, element, send) {
  const control = event.target
  if (event.key === "Escape") {
    const menu = control.closest("details[open].wf-menu")
    if (menu) {
      menu.removeAttribute("open")
      menu.querySelector("summary").focus()
    } else if (control.closest("[data-escape]")) {
      send({ action: control.closest("[data-escape]").dataset.escape, value: null })
    }
  } else if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && control.nodeName === "TEXTAREA") {
    control.form?.requestSubmit()
  } else if (event.key === "Enter" && control.dataset.field && control.nodeName === "INPUT") {
    control.blur()
    control.focus()
  } else if (event.key === "Enter" && control.dataset.dblclick) {
    send({ action: control.dataset.dblclick, value: control.dataset.value ?? null })
  } else if ((event.key === "ArrowDown" || event.key === "ArrowUp") && control.closest("details[open].wf-menu")) {
    const items = [...control.closest("details").querySelectorAll("summary, [data-action]")]
    const step = event.key === "ArrowDown" ? 1 : -1
    items[(items.indexOf(control) + step + items.length) % items.length]?.focus()
    event.preventDefault()
  }
}

function reveal(testid) {
  if (testid.startsWith("node:")) {
    window.dispatchEvent(new CustomEvent("wf-show-node", { detail: { node: testid.slice(5) } }))
    return
  }
  const target = find(document, testid)
  if (!target) return
  target.scrollIntoView({ behavior: "smooth", block: "center" })
  target.classList.add("wf-revealed")
  setTimeout(() => target.classList.remove("wf-revealed"), 1600)
}

// Lines of code that are pointed out, and the one that the pen is on. Only the box around them scrolls, never the page.
function light({ lines, pen, bring }, element) {
  const lit = new Set(lines)
  for (const row of element.querySelectorAll("[data-line]")) {
    row.classList.toggle("lit", lit.has(Number(row.dataset.line)))
    row.control.checked = Number(row.dataset.line) === pen
  }
  const line = element.querySelector(`[data-line="${pen}"]`)
  if (!bring || !line) return
  const box = line.closest("[data-scrolls]")
  const [inner, outer] = [line.getBoundingClientRect(), box.getBoundingClientRect()]
  if (inner.top < outer.top || inner.bottom > outer.bottom) box.scrollTop += inner.top - outer.top - outer.height / 3
}

function receive(message, element) {
  if (message.type === "go") window.location.assign(message.address)
  else if (message.type === "address") window.history.replaceState(null, "", message.address)
  else if (message.type === "title") document.title = message.title
  else if (message.type === "light") light(message, element)
  else if (message.type === "reveal") requestAnimationFrame(() => reveal(message.testid))
  else if (message.type === "select" || message.type === "full") window.weftwork.cellMessage(message)
  else if (message.type === "focus") {
    requestAnimationFrame(() => {
      const control = element.querySelector(message.selector)
      control?.focus()
      if (message.select) control?.select?.()
    })
  }
}

// Bokeh's own connection events do not reach components, so the page asks the document.
function pageGestures(element, send) {
  const undoKeys = event => {
    if (!(event.ctrlKey || event.metaKey) || event.altKey) return
    const key = event.key.toLowerCase()
    const typing = event.composedPath().some(
      node => CONTROLS.has(node.nodeName) || node.isContentEditable || node.dataset?.testid === "canvas"
    )
    const action = key === "z" ? (event.shiftKey ? "redo" : "undo") : key === "y" ? "redo" : key === "s" ? "save" : null
    if (action === null || (typing && action !== "save")) return
    event.preventDefault()
    send({ action, value: null })
  }
  const themed = () => send({ action: "theme", value: window.weftwork.theme() })
  document.addEventListener("keydown", undoKeys)
  window.addEventListener("wf-theme", themed)
  themed()
  return () => {
    document.removeEventListener("keydown", undoKeys)
    window.removeEventListener("wf-theme", themed)
  }
}

// The living page takes the place of its picture, with what was pressed or focused there. It does so in the same task
// in which it is mounted, so that nobody ever sees both.
function takeOver(element, send) {
  const change = () => {
    if (!element.isConnected) return requestAnimationFrame(change)
    const picture = document.getElementById("wf-first")
    const focused = picture.contains(document.activeElement) ? document.activeElement.dataset.testid : null
    picture.remove()
    if (focused) find(document, focused)?.focus()
    if (window.weftwork.early) send(window.weftwork.early)
    window.weftwork.early = null
  }
  queueMicrotask(() => queueMicrotask(change))
}

window.weftwork.renderMarkup = function ({ model, view }) {
  const root = view.shadow_el
  if (!root.adoptedStyleSheets.includes(pageStyles())) root.adoptedStyleSheets = [...root.adoptedStyleSheets, pageStyles()]
  const element = document.createElement("div")
  element.className = "wf-root"
  element.innerHTML = model.html
  const send = (message, button) => {
    if (window.weftwork.online) return model.send_msg(message)
    window.weftwork.keepDrafts()
    window.weftwork.sayOffline(button)
  }
  window.weftwork.watchConnection(view.model.document)
  const bar = element.querySelector("[data-made]")
  if (bar) window.weftwork.pageIs(bar.dataset.made)
  listen(element, send)
  const draw = () => {
    const fresh = document.createElement("div")
    fresh.innerHTML = model.html
    patchChildren(element, fresh, root.activeElement)
    markTheme()
  }
  model.on("html", () => pressed ? held.add(draw) : draw())
  model.on("msg:custom", message => receive(message, element))
  const markTheme = () => {
    for (const choice of element.querySelectorAll("[data-theme-choice]")) {
      choice.setAttribute("aria-pressed", String(choice.dataset.themeChoice === window.weftwork.choice()))
    }
  }
  markTheme()
  window.addEventListener("wf-theme", markTheme)
  if (document.getElementById("wf-first") && element.querySelector("[data-takes-over]")) takeOver(element, send)
  const closeMenus = event => {
    for (const menu of element.querySelectorAll("details[open].wf-menu")) {
      if (!event.composedPath().includes(menu)) menu.removeAttribute("open")
    }
  }
  document.addEventListener("pointerdown", closeMenus)
  const stop = element.querySelector("[data-page-gestures]") ? pageGestures(element, send) : () => {}
  const stopKeys = element.querySelector("[data-cell-keys]") ? window.weftwork.cellKeys(send) : () => {}
  const stopDrops = window.weftwork.dropZones(element, send)
  model.on("remove", () => {
    held.delete(draw)
    stopDrops()
    document.removeEventListener("pointerdown", closeMenus)
    window.removeEventListener("wf-theme", markTheme)
    stop()
    stopKeys()
  })
  return element
}
})()
