/** Lets Node import the page's modules by the bare names of the import map: "models/run" is static/js/models/run.js. */
import { registerHooks } from "node:module"
import { existsSync } from "node:fs"

const root = new URL("../../../static/js/", import.meta.url)
const fakes = new Map([["socket.io-client", new URL("fake_socketio.mjs", import.meta.url).href]])

registerHooks({
  resolve(specifier, context, next) {
    const fake = fakes.get(specifier)
    if (fake) return { url: fake, shortCircuit: true }
    if (/^[a-z][\w/-]*$/.test(specifier)) {
      const url = new URL(`${specifier}.js`, root)
      if (existsSync(url)) return { url: url.href, format: "module", shortCircuit: true }
    }
    return next(specifier, context)
  },
})
