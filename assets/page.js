// Runs before the first paint: the remembered theme, so that no page flashes in the wrong one.
window.weftwork = {
  early: null,
  setTheme(choice) {
    if (choice === "light" || choice === "dark") localStorage.setItem("weftwork-theme", choice)
    else localStorage.removeItem("weftwork-theme")
    this.applyTheme()
  },
  applyTheme() {
    const choice = localStorage.getItem("weftwork-theme")
    if (choice) document.documentElement.dataset.theme = choice
    else delete document.documentElement.dataset.theme
    window.dispatchEvent(new Event("wf-theme"))
  },
  choice() {
    return document.documentElement.dataset.theme ?? "system"
  },
  theme() {
    const dark = window.matchMedia("(prefers-color-scheme: dark)").matches
    return document.documentElement.dataset.theme ?? (dark ? "dark" : "light")
  },
}
window.weftwork.applyTheme()
window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => window.weftwork.applyTheme())
window.addEventListener("storage", event => event.key === "weftwork-theme" && window.weftwork.applyTheme())

// What is painted before the libraries are there is only a picture of the page; a press on it is kept for later.
document.addEventListener("click", event => {
  const target = event.target.closest?.("#wf-first [data-action], #wf-first [data-theme-choice]")
  if (target?.dataset.themeChoice) window.weftwork.setTheme(target.dataset.themeChoice)
  else if (target) window.weftwork.early = { action: target.dataset.action, value: target.dataset.value ?? null }
})
