/** The few functions of plotly.js that the charts use. It is loaded as a classic script: `window.Plotly`. */
interface PlotlyElement extends HTMLElement {
  on(event: string, listener: (data: any) => void): void
  removeAllListeners?(event?: string): void
}

type PlotlyTrace = Record<string, unknown>
type PlotlyLayout = Record<string, unknown>

interface PlotlyStatic {
  react(element: HTMLElement, data: PlotlyTrace[], layout: PlotlyLayout, config?: Record<string, unknown>): Promise<PlotlyElement>
  restyle(element: HTMLElement, update: Record<string, unknown>, traces?: number[]): Promise<PlotlyElement>
  relayout(element: HTMLElement, update: PlotlyLayout): Promise<PlotlyElement>
  purge(element: HTMLElement): void
}

interface Window {
  Plotly?: PlotlyStatic
}
