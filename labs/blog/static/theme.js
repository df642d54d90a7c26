// Before the first paint: the choice made on the dashboard, else the system's.
{
  let theme = null
  try { theme = localStorage.getItem("loopscope-theme") } catch { /* storage is switched off */ }
  const dark = theme ? theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches
  document.documentElement.dataset.theme = dark ? "dark" : "light"
}
