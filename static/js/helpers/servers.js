/** Which servers answered in a run: what they call themselves, since that decides the times. */

import { text } from "models/event"

/** "Answered by Valkey 9.1.2 and SecantusDB 0.7.0b3 (wiredTiger)". @param {import("models/run").RunModel[]} runs */
export function answeredBy(runs) {
  const told = runs.map((run) => ({ name: run.name, servers: serversOf(run.host) })).filter(({ servers }) => servers)
  const [first] = told
  if (!first) return ""
  if (told.every(({ servers }) => servers === first.servers)) return `Answered by ${first.servers}`
  return told.map(({ name, servers }) => `${name}: answered by ${servers}`).join("\n")
}

/** "Valkey 9.1.2 and SecantusDB 0.7.0b3 (wiredTiger)". @param {Record<string, unknown>} host */
export function serversOf(host) {
  if (!Array.isArray(host.servers)) return ""
  return host.servers.map(({ name, version, engine }) => `${text(name)} ${text(version)}${engine ? ` (${text(engine)})` : ""}`).join(" and ")
}

/**
 * What tells the runs' servers apart, run by run: ["SecantusDB", "MongoDB"], with versions where names do not do.
 * Empty where the same ones answered.
 * @param {import("models/run").RunModel[]} runs @returns {string[]}
 */
export function serversApart(runs) {
  const [full, short] = [apart(runs, (name, version) => `${name} ${version}`), apart(runs, (name) => name)]
  if (new Set(full).size < 2) return []
  return new Set(short).size === new Set(full).size ? short : full
}

/** @param {import("models/run").RunModel[]} runs @param {(name: string, version: string) => string} words */
function apart(runs, words) {
  const all = runs.map(({ host }) => (Array.isArray(host.servers) ? host.servers.map(({ name, version }) => words(text(name), text(version))) : []))
  return all.map((names) => names.filter((name) => !all.every((others) => others.includes(name))).join(" and "))
}
