/** Light or dark. The learner's choice is kept; choosing what the system has anyway means following the system again. */

const KEY = "loopscope-theme"
const system = matchMedia("(prefers-color-scheme: dark)")

/** @returns {"light" | "dark"} */
export function theme() {
  return document.documentElement.dataset.theme === "dark" ? "dark" : "light"
}

/** @param {"light" | "dark"} name */
function show(name) {
  if (theme() === name) return
  document.documentElement.dataset.theme = name
  window.dispatchEvent(new Event("themechange"))
}

/** @param {"light" | "dark"} name */
export function choose(name) {
  try {
    if (name === preferred()) localStorage.removeItem(KEY)
    else localStorage.setItem(KEY, name)
  } catch { /* private window: the choice lasts as long as the page */ }
  show(name)
}

/** @returns {"light" | "dark"} */
function preferred() {
  return system.matches ? "dark" : "light"
}

/** Follow the system while there is no choice. @param {AbortSignal} signal */
export function followSystem(signal) {
  system.addEventListener("change", () => {
    let chosen = null
    try { chosen = localStorage.getItem(KEY) } catch { /* nothing is kept */ }
    if (!chosen) show(preferred())
  }, { signal })
}
