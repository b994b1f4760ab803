
// Whether the page still talks to its server. Says so above the page, tries again, and after a restart loads the page
// anew at the same place: the new server has made another page, which the old elements do not belong to.
{
  const RETRY_EVERY_MS = 2000
  const REBUILT_AFTER_MS = 5000
  const RESTORE_FOR_MS = 8000
  const SCROLL = "weftwork:scroll"
  const weftwork = window.weftwork
  let made = null
  let reconnect = null
  let rebuilding = false
  let top = 0

  weftwork.online = true

  const banner = document.createElement("div")
  banner.id = "wf-offline"
  banner.setAttribute("role", "status")
  banner.innerHTML =
    "<span class='grow'><span class='words'></span> <strong class='missed'></strong></span><button type='button'>Try now</button>"
  banner.querySelector("button").addEventListener("click", () => retry())

  function show(online) {
    if (weftwork.online === online) return
    weftwork.online = online
    document.documentElement.classList.toggle("wf-offline", !online)
    banner.querySelector(".words").textContent = online ? "" :
      "No connection to Weftwork. Drawing goes on and is delivered later; the rest of the page waits, and what you type stays. " +
      "If you have ended it, start it again with “weftwork” in the same folder."
    banner.querySelector(".missed").textContent = ""
    if (!banner.isConnected) document.getElementById("wf-bar")?.after(banner)
    window.dispatchEvent(new Event("wf-online"))
  }

  // A page whose first connection failed.
  weftwork.sayLost = () => show(false)

  // Something was done that only the server can answer: `button` is the name of what was pressed, "" for a field.
  weftwork.sayOffline = button => {
    if (button === undefined) return
    banner.querySelector(".missed").textContent = button
      ? `Not done: “${button}”. Press it again when this bar is gone.`
      : "Your last entry is not sent yet; it stays where you typed it."
    banner.animate([{ opacity: 1 }, { opacity: 0.35 }, { opacity: 1 }], { duration: 400 })
  }

  function retry() {
    if (!weftwork.online) reconnect?.()
  }

  // Called by every piece of the page when it is mounted; the first of a document counts.
  weftwork.watchConnection = document_ => {
    if (!document_ || document_.wfWatched) return
    document_.wfWatched = true
    document_.on_event("connection_lost", (_, event) => {
      reconnect = () => event.reconnect()
      if (weftwork.online) weftwork.keepDrafts()
      show(false)
    })
    document_.on_event("client_reconnected", () => {
      rebuilding = true
      setTimeout(() => { rebuilding = false }, REBUILT_AFTER_MS)
      show(true)
    })
  }
  setInterval(retry, RETRY_EVERY_MS)
  window.addEventListener("online", retry)

  // What the page scrolls to while it is taken apart is not where its reader was.
  window.addEventListener("scroll", () => { if (!rebuilding) top = window.scrollY }, { passive: true })

  // Called with what the page's bar says of itself. Another page under our hands is one of another session.
  weftwork.pageIs = name => {
    if (made !== null && made !== name) load()
    made = name
  }

  // Loads the page anew, at the same place.
  function load() {
    try {
      sessionStorage.setItem(SCROLL, JSON.stringify({ page: location.href, top }))
    } catch (error) {
      console.info(`Weftwork: the place on the page is not kept (${error.message})`)
    }
    location.reload()
  }

  // Cells arrive one after another, so the page is held at its place until it is settled, or somebody moves it.
  function restoreScroll() {
    let kept = null
    try {
      kept = JSON.parse(sessionStorage.getItem(SCROLL))
      sessionStorage.removeItem(SCROLL)
    } catch (error) {
      console.info(`Weftwork: the place on the page is not known (${error.message})`)
    }
    if (!kept || kept.page !== location.href || !kept.top) return
    const begun = Date.now()
    const timer = setInterval(() => {
      const reach = document.documentElement.scrollHeight - window.innerHeight
      if (reach >= kept.top && window.scrollY !== kept.top) window.scrollTo(0, kept.top)
      if (Date.now() - begun > RESTORE_FOR_MS) stop()
    }, 100)
    const stop = () => {
      clearInterval(timer)
      for (const name of ["wheel", "pointerdown", "keydown"]) window.removeEventListener(name, stop, true)
    }
    for (const name of ["wheel", "pointerdown", "keydown"]) window.addEventListener(name, stop, true)
  }
  window.addEventListener("DOMContentLoaded", restoreScroll)
}
