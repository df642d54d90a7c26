/** Sending a picture: to the app, or straight to its object storage, which the app then asks for it. */

import { ask, json, Refused, refusal, root } from "./api.js"

const direct = document.body.dataset.direct === "yes"
const LOST = "The picture did not arrive: it may be too large, or the connection broke."

/** @typedef {(share: number | null) => void} Told how much has gone, 0 to 1; null: all of it, and it is being checked */

/** @param {File} file @param {Told} told @returns {Promise<string>} the picture's id */
export function sendPicture(file, told) {
  return direct ? throughStorage(file, told) : throughApp(file, told)
}

/** @param {File} file @param {Told} told @returns {Promise<string>} */
async function throughApp(file, told) {
  const answer = await send(`${root}/api/images`, file, told)
  if (answer.status >= 300) throw refusal(answer.text, answer.status)
  return JSON.parse(answer.text).id
}

/** @param {File} file @param {Told} told @returns {Promise<string>} */
async function throughStorage(file, told) {
  /** @type {{url: string, fields: Record<string, string>, name: string}} */
  const form = await ask("/api/images/form", json({ type: file.type, size: file.size }))
  const body = new FormData()
  for (const [name, value] of Object.entries(form.fields)) body.append(name, value)
  body.append("file", file) // last: the storage ignores what comes after the file
  const answer = await send(form.url, body, told)
  if (answer.status >= 300) throw new Refused(`The storage refused the picture: ${reason(answer.text, answer.status)}`, answer.status)
  const taken = await ask("/api/images/arrived", json({ name: form.name }))
  return taken.id
}

/** What an object storage says of an error. @param {string} text XML @param {number} status */
function reason(text, status) {
  const said = new DOMParser().parseFromString(text, "application/xml").querySelector("Message")?.textContent
  return said || `error ${status}.`
}

/**
 * @param {string} address @param {File | FormData} body piece by piece, as the network takes it @param {Told} told
 * @returns {Promise<{status: number, text: string}>}
 */
function send(address, body, told) {
  return new Promise((done, failed) => {
    const request = new XMLHttpRequest() // fetch cannot tell how much has gone
    request.upload.onprogress = (event) => told(event.lengthComputable ? event.loaded / event.total : 0)
    request.upload.onload = () => told(null)
    request.onload = () => done({ status: request.status, text: request.responseText })
    request.onerror = () => failed(new Refused(LOST, 0))
    request.open("POST", address)
    request.send(body)
  })
}
