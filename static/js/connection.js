/**
 * The page's one connection to the server: a socket that prefers WebSocket, and the runs that are followed over it.
 * `<body data-connected>` says "true" or "false".
 */

import { Follower } from "follower"
import { io } from "socket.io-client"

/** @typedef {import("follower").Handlers} Handlers */

/** @type {import("socket.io-client").Socket | null} */
let socket = null

/** The page's socket, opened with the first call. */
export function connect() {
  if (socket) return socket
  const opened = io({
    transports: ["websocket", "polling"],
    tryAllTransports: true,
    reconnectionDelay: 500,
    reconnectionDelayMax: 8000,
    randomizationFactor: 0.5,
  })
  const show = () => {
    document.body.dataset.connected = String(opened.connected)
  }
  opened.on("connect", show)
  opened.on("disconnect", show)
  show()
  socket = opened
  return opened
}

/**
 * Follow a run from its first event to its last, across reloads of the server. Events come in order, each once.
 * @param {string} run its id
 * @param {Handlers} handlers
 * @returns {() => void} stop following
 */
export function followRun(run, handlers) {
  const follower = new Follower(run, handlers, connect(), {
    fetch: (...request) => fetch(...request),
    later: (action, milliseconds) => setTimeout(action, milliseconds),
    cancel: (timer) => clearTimeout(timer),
    random: Math.random,
  })
  return () => follower.stop()
}
