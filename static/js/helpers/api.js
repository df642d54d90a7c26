/** Calls to the server. Every failure is an ApiError that can be shown to the learner as it is. */

/** @typedef {import("helpers/types").RunInfo} RunInfo */
/** @typedef {import("helpers/types").Guess} Guess */
/** @typedef {{field: string, message: string}} FieldError */

const AWAY = "The server cannot be reached. Is it still running?"

export class ApiError extends Error {
  /** @param {string} message @param {number} status @param {FieldError[]} errors */
  constructor(message, status, errors = []) {
    super(message)
    this.status = status
    this.errors = errors
  }
}

/**
 * @param {string} address
 * @param {{method?: string, body?: unknown, signal?: AbortSignal}} [options]
 * @returns {Promise<any>}
 */
export async function call(address, { method = "GET", body, signal } = {}) {
  const headers = body === undefined ? undefined : { "Content-Type": "application/json" }
  let response
  try {
    response = await fetch(address, { method, headers, body: body === undefined ? undefined : JSON.stringify(body), signal })
  } catch (error) {
    if (signal?.aborted) throw error
    throw new ApiError(AWAY, 0)
  }
  const answer = await response.json().catch(() => ({}))
  if (response.ok || answer.ready !== undefined) return answer
  throw new ApiError(answer.detail || answer.title || `The server answered ${response.status}.`, response.status, answer.errors ?? [])
}

/** @param {string} lab @param {Record<string, unknown>} params @param {Guess | null} prediction @returns {Promise<RunInfo>} */
export async function startRun(lab, params, prediction) {
  return (await call("/api/runs", { method: "POST", body: { lab, params, prediction } })).run
}

/** @param {string} id @returns {Promise<RunInfo>} */
export async function getRun(id) {
  return (await call(`/api/runs/${encodeURIComponent(id)}`)).run
}

/** @param {string} id @returns {Promise<RunInfo>} */
export async function cancelRun(id) {
  return (await call(`/api/runs/${encodeURIComponent(id)}/cancel`, { method: "POST" })).run
}

/** @param {string} id @param {string} answer @returns {Promise<RunInfo>} */
export async function putAnswer(id, answer) {
  return (await call(`/api/runs/${encodeURIComponent(id)}/answer`, { method: "PUT", body: { answer } })).run
}

/** @param {{lab?: string, limit?: number}} [options] @returns {Promise<RunInfo[]>} mine, newest first */
export async function myRuns({ lab, limit = 20 } = {}) {
  const query = new URLSearchParams({ mine: "1", limit: String(limit), ...(lab ? { lab } : {}) })
  return (await call(`/api/runs?${query}`)).runs
}

/** Do something to a running run. @param {string} id @param {string} action @param {Record<string, unknown>} params @returns {Promise<{words: string}>} */
export async function actOn(id, action, params) {
  return (await call(`/api/runs/${encodeURIComponent(id)}/actions`, { method: "POST", body: { action, params } })).action
}

/** Every event of a run that is known now. @param {string} id @returns {Promise<import("models/event").RunEvent[]>} */
export async function allEvents(id) {
  const response = await fetch(`/api/runs/${encodeURIComponent(id)}/events?after=0`).catch(() => null)
  if (!response) throw new ApiError(AWAY, 0)
  if (!response.ok) throw new ApiError(`The events of this run could not be loaded (${response.status}).`, response.status)
  return (await response.text()).split("\n").filter(Boolean).map((line) => JSON.parse(line))
}
