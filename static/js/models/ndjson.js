/** Reads lines of JSON that come in pieces. Lines that are not JSON objects are counted and left out. */

/** @typedef {import("models/event").RunEvent} RunEvent */

export class LineReader {
  #rest = ""
  /** Lines that could not be read. */
  broken = 0

  /** @param {string} piece @returns {RunEvent[]} the events whose lines are complete now */
  read(piece) {
    const lines = (this.#rest + piece).split("\n")
    this.#rest = lines.pop() ?? ""
    return this.#parse(lines)
  }

  /** The last line, if it had no line end. @returns {RunEvent[]} */
  finish() {
    const lines = [this.#rest]
    this.#rest = ""
    return this.#parse(lines)
  }

  /** @param {string[]} lines */
  #parse(lines) {
    /** @type {RunEvent[]} */
    const events = []
    for (const line of lines) {
      if (line.trim() === "") continue
      const event = parse(line)
      if (event) events.push(event)
      else this.broken += 1
    }
    return events
  }
}

/** Everything in a text of lines. @param {unknown} lines @returns {RunEvent[]} */
export function readLines(lines) {
  const reader = new LineReader()
  return typeof lines === "string" ? [...reader.read(lines), ...reader.finish()] : []
}

/** @param {string} line @returns {RunEvent | null} */
function parse(line) {
  try {
    const value = JSON.parse(line)
    return value !== null && typeof value === "object" && !Array.isArray(value) ? value : null
  } catch {
    return null
  }
}
