/** Loads Plotly when the first chart needs it, once; and what all charts of the project have in common. */

/** @typedef {import("charts/theme").Theme} Theme */

/** @type {Promise<PlotlyStatic> | null} */
let loading = null

/** @returns {Promise<PlotlyStatic>} rejects when the script cannot be fetched; the next call tries again */
export function loadPlotly() {
  if (window.Plotly) return Promise.resolve(window.Plotly)
  loading ??= new Promise((resolve, reject) => {
    const script = document.createElement("script")
    script.src = address()
    script.async = true
    script.addEventListener("load", () => {
      if (window.Plotly) resolve(window.Plotly)
      else reject(new Error("Plotly did not start"))
    })
    script.addEventListener("error", () => {
      loading = null
      script.remove()
      reject(new Error("Plotly could not be loaded"))
    })
    document.head.append(script)
  })
  return loading
}

/** The address with its content hash, from the page's import map. */
function address() {
  try {
    return import.meta.resolve("plotly")
  } catch {
    return "/vendor/plotly/plotly-basic.min.js"
  }
}

export const CONFIG = {
  displayModeBar: false,
  displaylogo: false,
  responsive: false,
  doubleClick: false,
  scrollZoom: false,
  showTips: false,
  showAxisDragHandles: false,
  showAxisRangeEntryBoxes: false,
}

/**
 * @param {Theme} theme
 * @param {{width: number, height: number, margin: {l: number, r: number, t: number, b: number}}} box
 * @returns {PlotlyLayout}
 */
export function baseLayout(theme, box) {
  return {
    ...box,
    margin: { ...box.margin, pad: 0 },
    autosize: false,
    paper_bgcolor: "rgba(0,0,0,0)",
    plot_bgcolor: "rgba(0,0,0,0)",
    font: { family: theme.font, size: theme.size, color: theme.soft },
    separators: ".\u2009",
    showlegend: false,
    hovermode: "closest",
    dragmode: "zoom",
    hoverlabel: {
      bgcolor: theme.panel, bordercolor: theme.faint, align: "left", namelength: 0,
      font: { family: theme.font, size: theme.size, color: theme.text },
    },
  }
}

/**
 * An axis without decoration. `automargin` and the like stay off: margins are known, so drawing is cheap.
 * @param {Theme} theme
 * @param {Record<string, unknown>} more
 */
export function axis(theme, more) {
  return {
    type: "linear", automargin: false, autorange: false, zeroline: false, showline: false, ticks: "", showspikes: false,
    gridcolor: theme.edge, gridwidth: 1, tickfont: { family: theme.mono, size: theme.size, color: theme.soft },
    ...more,
  }
}

/** Plotly reads a little HTML in texts; names that come from a program are only text. @param {string} text */
export function escaped(text) {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;")
}
