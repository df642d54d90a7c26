/**
 * The shapes that travel between server and page. Types only.
 *
 * @typedef {{kind: "bar", value: number} | {kind: "curve", points: [number, number][]} | {kind: "order", order: string[]}} Guess
 * @typedef {"queued" | "running" | "finished" | "failed" | "cancelled"} RunState
 *
 * @typedef {object} RunInfo
 * @property {string} id
 * @property {number} number
 * @property {string} lab
 * @property {string} title
 * @property {Record<string, unknown>} params
 * @property {RunState} state
 * @property {string | null} reason
 * @property {string} created  ISO 8601
 * @property {string | null} started
 * @property {string | null} ended
 * @property {Guess | null} prediction
 * @property {string | null} answer
 * @property {number | null} ahead
 * @property {number | null} wait    seconds
 * @property {number} last           highest seq known
 * @property {boolean} mine
 * @property {import("models/event").RunEvent[]} [results]
 * @property {{level: string, text: string} | null} [trust]
 *
 * @typedef {object} Rule  one property of the parameter schema
 * @property {string} [title]
 * @property {string} [type]
 * @property {Record<string, string>} [labels]
 * @property {Record<string, string>} [words]  numbers that mean something of their own, such as 0 for "auto"
 * @property {boolean} [advanced]
 * @property {unknown} [default]
 * @property {number} [minimum]
 * @property {number} [maximum]
 * @property {(string | number)[]} [enum]
 * @property {Record<string, unknown>} [when]  without it: always
 * @property {{when: Record<string, unknown>, title: string}[]} [titles]
 * @property {{when: Record<string, unknown>, least: number, usual: number}} [suits] once these are chosen, less than the least becomes the usual
 * @property {Record<string, string>} [programs]  of a choice: the program of blocks that each value stands for
 * @property {Record<string, import("models/blocks").BlockKind>} [kinds]  of a program: the blocks that there are
 * @property {Record<string, string>} [names]  of a program: the runtimes
 * @property {number} [most]  of a program: blocks
 * @property {number} [delay]  of a program: the longest timer in milliseconds
 *
 * @typedef {{id: string, kind: string, title: string, unit: string, x: string | null, xlabel?: string | null, least?: number | null, result?: string | null, ideal?: "falling" | "rising" | null, cpus?: boolean, series?: string[] | null, words?: Record<string, string> | null, guess?: boolean, when: Record<string, unknown> | null, help?: string}} ChartInfo
 * @typedef {{kind: "bar" | "curve" | "order", question: string, unit: string, help: string, when: Record<string, unknown> | null, x: string | null, max?: string | number | null}} PredictionInfo
 *
 * @typedef {object} ActionInfo  what can be done to a running run; row: the input that a row of the table of processes fills in
 * @property {string} id
 * @property {string} label
 * @property {string} help
 * @property {boolean} danger
 * @property {string | null} row
 * @property {Record<string, unknown> | null} when
 * @property {Record<string, Rule>} inputs
 *
 * @typedef {object} Lab
 * @property {string} slug
 * @property {string} title
 * @property {{key: string, label: string, file: string, language: string}[]} runtimes
 * @property {{properties: Record<string, Rule>}} params
 * @property {ChartInfo[]} charts
 * @property {PredictionInfo[]} predictions
 * @property {string[]} work  parameters that say how much is done in all
 * @property {{id: string, text: string, options: {value: string, label: string}[]} | null} question
 * @property {{label: string, params: Record<string, unknown>}[]} changes
 * @property {ActionInfo[]} actions
 * @property {string[]} [keys]  patterns of the Redis keys that the lab touches
 * @property {{title: string, path: string, runtime: string} | null} pane  an app to use beside the run
 *
 * @typedef {{part: string, id: string}} Cite
 */

export {}
