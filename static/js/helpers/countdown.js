/** Times to live, counted down in words by the server's clock. */

import { make, say } from "helpers/dom"
import { lifeWords } from "models/key_life"

/** @typedef {Pick<import("models/keys").KeyRow, "expires">} Life */

/** What has still so long to live; `countDown` keeps it true. @param {Life} life @param {number} now ms, server's clock */
export function countdown({ expires }, now) {
  return make("span", { "data-expires": expires ?? null }, lifeWords({ expires }, now))
}

/** @param {HTMLElement} root @param {number} now ms, server's clock */
export function countDown(root, now) {
  for (const one of root.querySelectorAll("[data-expires]")) {
    const element = /** @type {HTMLElement} */ (one)
    say(element, lifeWords({ expires: Number(element.dataset.expires) }, now))
  }
}
