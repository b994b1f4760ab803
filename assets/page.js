// Runs before the first paint: the remembered theme, so that no page flashes in the wrong one.
window.weftwork = {
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
  theme() {
    const dark = window.matchMedia("(prefers-color-scheme: dark)").matches
    return document.documentElement.dataset.theme ?? (dark ? "dark" : "light")
  },
}
window.weftwork.applyTheme()
window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => window.weftwork.applyTheme())
window.addEventListener("storage", event => event.key === "weftwork-theme" && window.weftwork.applyTheme())
