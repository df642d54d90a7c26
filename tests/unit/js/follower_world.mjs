import { EventEmitter } from "node:events"
import { setImmediate as turn } from "node:timers/promises"
import { Follower } from "follower"

/** A server, a socket and a clock in one: nothing happens until the test says so. */
export class World {
  socket = Object.assign(new EventEmitter(), { connected: true, said: [], timeout: () => this.socket })
  events = []
  seen = []
  news = []
  requests = []
  timers = new Map()
  status = 200
  now = 0
  chunk = Infinity

  constructor(events = []) {
    this.events = events
    const emit = this.socket.emit.bind(this.socket)
    this.hear = emit
    this.socket.emit = (name, data, ack) => {
      this.socket.said.push([name, data.run])
      ack?.(null, { ok: true })
    }
    this.random = () => 1
    this.later = (action, milliseconds) => {
      const timer = {}
      this.timers.set(timer, { at: this.now + milliseconds, action })
      return timer
    }
    this.cancel = (timer) => this.timers.delete(timer)
    this.fetch = async (url, { signal }) => {
      this.requests.push(url)
      signal.throwIfAborted()
      if (this.status === 0) throw new TypeError("no network")
      if (this.status !== 200) return new Response('{"detail":"broken"}', { status: this.status })
      const after = Number(new URL(url, "http://x").searchParams.get("after"))
      const text = this.events.filter((event) => event.seq > after).map((event) => `${JSON.stringify(event)}\n`).join("")
      return new Response(this.pieces(text))
    }
  }

  async *pieces(text) {
    const bytes = new TextEncoder().encode(text)
    for (let at = 0; at < bytes.length; at += this.chunk) yield bytes.slice(at, at + this.chunk)
  }

  follow() {
    return new Follower("r1", {
      onEvents: (events) => this.seen.push(...events.map((event) => event.seq)),
      onQueue: (queue) => this.news.push(queue.state),
      onLost: (why) => this.news.push(`lost ${why.status}`),
      onBack: () => this.news.push("back"),
      onEnd: () => this.news.push("end"),
    }, this.socket, this)
  }

  batch(events) {
    this.hear("events", { run: "r1", first: events[0].seq, last: events.at(-1).seq, lines: events.map((e) => JSON.stringify(e)).join("\n") })
  }

  /** Let time pass: timers that are due run, and what they started settles. */
  async pass(milliseconds) {
    await settle()
    const until = this.now + milliseconds
    for (;;) {
      const [timer, next] = [...this.timers].sort((a, b) => a[1].at - b[1].at)[0] ?? []
      if (!next || next.at > until) break
      this.now = next.at
      this.timers.delete(timer)
      next.action()
      await settle()
    }
    this.now = until
  }

  disconnect() {
    this.socket.connected = false
    this.hear("disconnect", "transport close")
  }

  connect() {
    this.socket.connected = true
    this.hear("connect")
  }
}

export async function settle() {
  for (let i = 0; i < 20; i += 1) await turn()
}
