/** Writing in two steps: the form, then a look at it before it is published. The draft lives until then. */

import { publish } from "./api.js"
import { make } from "./dom.js"
import { sendPicture } from "./sending.js"

/** @type {{title: string, content: string, file: File | null}} */
const draft = { title: "", content: "", file: null }

/** @returns {Node[]} */
export function writeView() {
  const title = make("input", { class: "text", name: "title", maxlength: "200", required: true })
  const content = make("textarea", { class: "text", name: "content", maxlength: "20000", required: true })
  const file = make("input", { type: "file", name: "image", accept: "image/png,image/jpeg,image/webp" })
  const about = make("span", { class: "row help" })
  const without = make("button", { type: "button", class: "text-button", click: () => {
    draft.file = null
    file.value = ""
    tell()
    file.focus()
  } }, "Without a picture")
  const tell = () => about.replaceChildren(...(draft.file ? [file.files?.length ? "" : `Chosen: ${draft.file.name}`, without] : ["PNG, JPEG or WebP."]))
  file.addEventListener("change", () => { keep(); tell() })
  title.value = draft.title
  content.value = draft.content
  const keep = () => Object.assign(draft, { title: title.value, content: content.value, file: file.files?.[0] ?? draft.file })
  tell()
  const form = make("form", { class: "write", input: keep, submit: (event) => {
    event.preventDefault()
    keep()
    location.hash = "#/review"
  } },
  make("label", {}, "Title", title),
  make("label", {}, "Text", content),
  make("div", { class: "field" }, make("label", {}, "Picture (if you like)", file), about),
  make("div", { class: "row" }, make("button", { class: "button strong" }, "Review"), make("a", { class: "button", href: "#/" }, "Cancel")))
  return [make("h1", {}, "Write a post"), form]
}

/** @returns {Node[]} */
export function reviewView() {
  if (!draft.title.trim() || !draft.content.trim()) {
    location.replace("#/new")
    return []
  }
  const said = make("p", { class: "said", role: "alert", hidden: true })
  const bar = make("progress", { max: "1", hidden: true, "aria-label": "Sending the picture" })
  const button = make("button", { type: "button", class: "button strong", click: () => void send(button, bar, said) }, "Publish")
  const article = make("article", { class: "post reviewed" }, make("h2", {}, draft.title), ...preview(), make("div", { class: "body" }, draft.content))
  return [
    make("h1", {}, "Is this what you mean?"), article, bar, said,
    make("div", { class: "row" }, button, make("a", { class: "button", href: "#/new" }, "Change it")),
  ]
}

function preview() {
  if (!draft.file) return []
  const { name } = draft.file
  const address = URL.createObjectURL(draft.file)
  return [make("img", {
    src: address, alt: `Your picture ${name}`, load: () => URL.revokeObjectURL(address),
    error: (event) => {
      URL.revokeObjectURL(address)
      const image = /** @type {HTMLElement} */ (event.currentTarget)
      image.replaceWith(make("p", { class: "soft" }, `${name} cannot be shown here. It may be no picture.`))
    },
  })]
}

/** @param {HTMLProgressElement} bar @param {number | null} share as `Told` */
function show(bar, share) {
  if (share === null) bar.removeAttribute("value")
  else bar.value = share
  bar.setAttribute("aria-label", share === null ? "Checking the picture" : "Sending the picture")
}

/** @param {HTMLButtonElement} button @param {HTMLProgressElement} bar @param {HTMLElement} said */
async function send(button, bar, said) {
  button.disabled = true
  said.hidden = true
  try {
    let image = null
    if (draft.file) {
      bar.hidden = false
      image = await sendPicture(draft.file, (share) => show(bar, share))
    }
    const post = await publish({ title: draft.title, content: draft.content, image })
    Object.assign(draft, { title: "", content: "", file: null })
    location.replace(`#/posts/${post.id}`)
  } catch (error) {
    said.textContent = error instanceof Error ? error.message : String(error)
    said.hidden = false
  }
  bar.hidden = true
  button.disabled = false
}
