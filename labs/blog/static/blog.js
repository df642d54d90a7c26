/** The blog's page: who you are, then the view that the part of the address after # names. */

import { currentUser, imageAddress, post, posts, Refused, root, watch } from "./api.js"
import { byId, date, make } from "./dom.js"
import { reviewView, writeView } from "./writing.js"

/** @typedef {import("./api.js").User} User */

const main = byId("main")
const { google, refused } = document.body.dataset
/** Only the dashboard can show this page inside its own (`frame-ancestors`). A link with a run in it opens no frame. */
const framed = window.top !== window.self

function welcomeView() {
  const button = make("a", { class: "button strong", href: `${root}/auth/google` }, google === "yes" ? "Sign in with Google" : "Sign in (practice)")
  if (google === "yes" && framed) button.target = "_blank" // Google's page will not be shown inside another
  const how = google === "yes"
    ? "Google tells this blog your name and address, and nothing else."
    : "This copy has no keys for Google. A small provider of its own asks who you are; every step is the same."
  const wrong = refused === "yes" ? [make("p", { class: "said", role: "alert" }, "That sign-in could not be trusted, so nobody was signed in. Begin again.")] : []
  return [make("section", { class: "welcome" }, ...wrong, make("h1", {}, "A blog of your own"), make("p", { class: "soft" }, "Only you can read what you write here."), button, make("p", { class: "faint" }, how))]
}

async function listView() {
  const found = await posts()
  const items = found.map((one) => make("li", {}, make("a", { href: `#/posts/${one.id}` }, make("strong", {}, one.title), make("p", {}, one.content), date(one.created))))
  const empty = make("p", { class: "soft" }, "You have written nothing yet. Your first post appears here.")
  return [
    make("div", { class: "row" }, make("h1", {}, "Your posts"), make("span", { class: "spacer" }), make("a", { class: "button strong", href: "#/new" }, "Write a post")),
    items.length > 0 ? make("ul", { class: "posts" }, ...items) : empty,
  ]
}

/** @param {string} id */
async function postView(id) {
  const one = await post(id)
  const picture = one.image ? [make("img", { src: imageAddress(one.image), alt: `Picture of “${one.title}”` })] : []
  return [
    make("article", { class: "post" }, make("h1", {}, one.title), date(one.created), ...picture, make("div", { class: "body" }, one.content)),
    make("div", { class: "row" }, make("a", { class: "button", href: "#/" }, "All posts")),
  ]
}

/** @param {string} path @returns {Promise<Node[]> | Node[]} */
function view(path) {
  const id = /^\/posts\/([0-9a-f]+)$/.exec(path)?.[1]
  if (id) return postView(id)
  if (path === "/new") return writeView()
  if (path === "/review") return reviewView()
  return listView()
}

/** @param {unknown} error */
function refusedView(error) {
  const words = error instanceof Refused ? error.message : `Something is wrong with this page: ${error}`
  return [make("p", { class: "said", role: "alert" }, words), make("div", { class: "row" }, make("a", { class: "button", href: "#/" }, "All posts"))]
}

let turn = 0

/** @param {boolean} moved whether the reader went somewhere, rather than arriving */
async function show(moved) {
  const mine = (turn += 1)
  main.dataset.ready = "no"
  /** @type {Node[]} */
  let found
  try {
    const user = await currentUser()
    byId("who").textContent = user?.name ?? ""
    byId("sign-out").hidden = user === null
    found = user ? await view(location.hash.slice(1)) : welcomeView()
  } catch (error) {
    found = refusedView(error)
  }
  if (mine !== turn || found.length === 0) return
  main.replaceChildren(...found)
  main.dataset.ready = "yes"
  if (moved) main.focus({ preventScroll: true })
}

async function begin() {
  const run = new URLSearchParams(location.search).get("run")
  if (run !== null && framed) await watch(run).catch(() => null) // the blog works as well when nobody watches
  await show(false)
}

addEventListener("hashchange", () => void show(true))
if (google === "yes" && framed) addEventListener("focus", () => void show(false))
void begin()
