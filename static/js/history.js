/** Everything that the server knows of a run, read as it comes, so that a long run shows progressively. */

import { number } from "models/event"
import { LineReader } from "models/ndjson"

/**
 * @typedef {import("models/sequence").Batch} Batch
 * @typedef {{status: number, detail: string}} Why  status 0: nobody answered; 404: there is no such run
 * @typedef {object} World  what a test replaces
 * @property {typeof fetch} fetch
 * @property {(action: () => void, milliseconds: number) => unknown} later
 * @property {(timer: any) => void} cancel
 * @property {() => number} random
 */

/** Milliseconds without a byte after which the answer counts as lost. */
const STALL = 20_000

/**
 * Read the events after a number, batch by batch.
 * @param {string} run
 * @param {number} after
 * @param {{abort: AbortController, world: World, onBatch: (batch: Batch) => void}} options
 * @returns {Promise<Why | null>} why it failed, or null
 */
export async function readHistory(run, after, { abort, world, onBatch }) {
  let watch = world.later(() => abort.abort(), STALL)
  const alive = () => {
    world.cancel(watch)
    watch = world.later(() => abort.abort(), STALL)
  }
  try {
    const answer = await world.fetch(`/api/runs/${encodeURIComponent(run)}/events?after=${after}`, {
      signal: abort.signal, headers: { accept: "application/x-ndjson" },
    })
    if (!answer.ok) return { status: answer.status, detail: await detail(answer) }
    await readBody(answer, after, onBatch, alive)
    return null
  } catch {
    return { status: 0, detail: "The server does not answer." }
  } finally {
    world.cancel(watch)
  }
}

/** @param {Response} answer @param {number} after @param {(batch: Batch) => void} onBatch @param {() => void} alive */
async function readBody(answer, after, onBatch, alive) {
  const lines = new LineReader()
  const decoder = new TextDecoder()
  let known = after
  /** @param {import("models/event").RunEvent[]} events */
  const pass = (events) => {
    const last = number(events.at(-1)?.seq)
    if (last === null || last <= known) return
    onBatch({ first: known + 1, last, events, whole: true })
    known = last
  }
  const reader = answer.body?.getReader()
  for (let piece = await reader?.read(); piece && !piece.done; piece = await reader?.read()) {
    alive()
    pass(lines.read(decoder.decode(piece.value, { stream: true })))
  }
  pass([...lines.read(decoder.decode()), ...lines.finish()])
}

/** The detail of a problem (RFC 9457), else the status in words. @param {Response} answer */
async function detail(answer) {
  try {
    const problem = await answer.json()
    return String(problem.detail || problem.title || answer.statusText)
  } catch {
    return answer.statusText || `status ${answer.status}`
  }
}
