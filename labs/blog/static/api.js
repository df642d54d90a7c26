/** The blog's own API. An answer that is not a success becomes a `Refused` with the server's words. */

/** @typedef {{id: string, name: string, email: string}} User */
/** @typedef {{id: string, title: string, content: string, image: string | null, created: string}} Post */

export const root = document.body.dataset.root ?? ""

export class Refused extends Error {
  /** @param {string} message @param {number} status */
  constructor(message, status) {
    super(message)
    this.status = status
  }
}

/** @param {string} path @param {RequestInit} [options] */
export async function ask(path, options) {
  const answer = await fetch(root + path, options).catch(() => {
    throw new Refused("The server does not answer. Look whether it is running, then try again.", 0)
  })
  const text = await answer.text()
  if (answer.ok) return text ? JSON.parse(text) : null
  throw refusal(text, answer.status)
}

/** @param {string} text @param {number} status */
export function refusal(text, status) {
  try {
    return new Refused(String(JSON.parse(text).detail), status)
  } catch {
    return new Refused(`The server answered with error ${status}.`, status)
  }
}

/** @param {unknown} data @returns {RequestInit} */
export const json = (data) => ({ method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(data) })

/** @returns {Promise<User | null>} */
export const currentUser = () => ask("/api/current_user")
/** @returns {Promise<Post[]>} */
export const posts = () => ask("/api/blogs")
/** @param {string} id @returns {Promise<Post>} */
export const post = (id) => ask(`/api/blogs/${encodeURIComponent(id)}`)
/** @param {{title: string, content: string, image: string | null}} data @returns {Promise<Post>} */
export const publish = (data) => ask("/api/blogs", json(data))
/** @param {string} run @returns {Promise<null>} */
export const watch = (run) => ask("/api/watch", json({ run }))

/** @param {string} id */
export const imageAddress = (id) => `${root}/api/images/${encodeURIComponent(id)}`
