// What a program's Redis client does, told in few events of bounded size: the counterpart of redis_feed.py.

const EVERY_MS = 100;
const MOST_COMMANDS = 32;
const LONGEST_COMMAND = 160;
const LONGEST_WORD = 512;
const HIDDEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}\\]/gu;
const SHORT = { "\n": "\\n", "\r": "\\r", "\t": "\\t", "\\": "\\\\" };

export class RedisFeed {
  #emit;
  #commands = [];
  #left = 0;
  #timer;

  constructor(emit) {
    this.#emit = emit;
    this.#timer = setInterval(() => this.#flush(), EVERY_MS).unref();
  }

  /** From now on what this client of ioredis sends is told. What it refuses itself is never sent, and not told. */
  watch(client) {
    const send = client.sendCommand;
    client.sendCommand = (command, ...more) => {
      const begun = this.#emit.since();
      const told = (reply) => this.#tell([command.name, ...command.args], begun, reply);
      command.promise.then(told, () => {});
      return send.call(client, command, ...more);
    };
  }

  #tell(words, begun, reply) {
    const t = this.#emit.since();
    if (this.#commands.length < MOST_COMMANDS) this.#commands.push([t, Math.round((t - begun) * 1e6), sizeOf(reply), words]);
    else this.#left += 1;
  }

  #flush() {
    if (this.#commands.length === 0) return;
    const commands = this.#commands.map(([t, micros, size, words]) => [t, micros, size, readable(words)]);
    this.#emit.emit("redis", { commands, left: this.#left, keys: [], counts: [], steps: [], lost: 0 });
    this.#commands = [];
    this.#left = 0;
  }

  /** Tell what is left. */
  close() {
    clearInterval(this.#timer);
    this.#flush();
  }
}

/** A command as a line, cut where it gets long; what cannot be seen is escaped. */
export function readable([name, ...words]) {
  const line = [String(name).toUpperCase(), ...words.slice(0, 19).map((word) => String(word).slice(0, LONGEST_WORD))].join(" ");
  const seen = line.replace(HIDDEN, (one) => SHORT[one] ?? escaped(one.codePointAt(0)));
  return seen.length > LONGEST_COMMAND ? `${[...seen].slice(0, LONGEST_COMMAND).join("")}…` : seen;
}

function escaped(code) {
  if (code < 0x100) return `\\x${code.toString(16).padStart(2, "0")}`;
  return code < 0x10000 ? `\\u${code.toString(16).padStart(4, "0")}` : `\\U${code.toString(16).padStart(8, "0")}`;
}

/** Bytes of a reply, about: its strings, not what the protocol puts around them. */
function sizeOf(reply) {
  if (typeof reply === "string" || Buffer.isBuffer(reply)) return Buffer.byteLength(reply);
  if (Array.isArray(reply)) return reply.reduce((sum, one) => sum + sizeOf(one), 0);
  if (reply && typeof reply === "object") return sizeOf(Object.entries(reply).flat());
  return 0;
}
