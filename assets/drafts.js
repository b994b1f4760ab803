
// What was typed or chosen and has not reached the server is found again after the page was loaded anew: fields that
// differ from what the server last showed. What was handed in is handed in again; the server drops what it knows.
{
  const KEY = "weftwork:drafts"
  const PATIENCE_MS = 20000
  const weftwork = window.weftwork

  function* controls(root) {
    for (const element of root.querySelectorAll("*")) {
      if (element.shadowRoot) yield* controls(element.shadowRoot)
      if (["INPUT", "SELECT", "TEXTAREA"].includes(element.nodeName) && (element.dataset.field || element.name)) yield element
    }
  }

  function differs(control) {
    if (control.type === "checkbox" || control.type === "radio") return control.checked !== control.defaultChecked
    if (control.nodeName !== "SELECT") return control.value !== control.defaultValue
    const shown = [...control.options].find(option => option.defaultSelected) ?? control.options[0]
    return shown !== undefined && control.value !== shown.value
  }

  // The cell that an element stands in, over the borders of shadow roots.
  function cellOf(element) {
    for (let node = element; node; node = node.parentNode ?? node.host) {
      const name = node.getAttribute?.("data-testid")
      if (name?.startsWith("cell:")) return name
    }
    return ""
  }

  weftwork.keepDrafts = () => {
    const drafts = []
    for (const control of controls(document)) {
      const sent = control.form?.wfSubmitted === true
      if (!differs(control) && !sent) continue
      drafts.push({
        cell: cellOf(control),
        field: control.dataset.field ?? "",
        name: control.name ?? "",
        value: control.type === "checkbox" || control.type === "radio" ? control.checked : control.value,
        reopen: control.form?.dataset.reopen ?? "",
        sent,
      })
    }
    try {
      if (drafts.length) sessionStorage.setItem(KEY, JSON.stringify({ page: location.href, drafts }))
      else sessionStorage.removeItem(KEY)
    } catch (error) {
      console.info(`Weftwork: what was typed is not kept (${error.message})`)
    }
  }
  // At once: when the connection is back, the page is another one before it can be asked.
  window.addEventListener("input", () => { if (!weftwork.online) weftwork.keepDrafts() })

  function matching(draft) {
    for (const control of controls(document)) {
      const same = draft.field ? control.dataset.field === draft.field : control.name === draft.name
      if (same && cellOf(control) === draft.cell) return control
    }
    return null
  }

  function opener(root, draft) {
    for (const element of root.querySelectorAll("*")) {
      const found = element.shadowRoot && opener(element.shadowRoot, draft)
      if (found) return found
      if (element.dataset?.dblclick === draft.reopen && cellOf(element) === draft.cell) return element
    }
    return null
  }

  // Whether the draft is where it was.
  function restored(draft) {
    const control = matching(draft)
    if (!control) {
      if (draft.reopen && !draft.opened) {
        const element = opener(document, draft)
        draft.opened = element !== null
        element?.dispatchEvent(new MouseEvent("dblclick", { bubbles: true, composed: true }))
      }
      return false
    }
    if (typeof draft.value === "boolean") control.checked = draft.value
    else control.value = draft.value
    if (draft.field) control.dispatchEvent(new Event("change", { bubbles: true }))
    else if (draft.sent) control.form?.requestSubmit()
    return true
  }

  function restoreDrafts() {
    let kept = null
    try {
      kept = JSON.parse(sessionStorage.getItem(KEY))
      sessionStorage.removeItem(KEY)
    } catch (error) {
      console.info(`Weftwork: what was typed cannot be read back (${error.message})`)
    }
    if (kept?.page !== location.href) return
    let drafts = kept.drafts
    const until = Date.now() + PATIENCE_MS
    const timer = setInterval(() => {
      drafts = drafts.filter(draft => !restored(draft))
      if (!drafts.length || Date.now() > until) clearInterval(timer)
    }, 100)
  }
  window.addEventListener("DOMContentLoaded", restoreDrafts)
}
