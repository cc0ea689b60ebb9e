import { MAX_RELEASES } from "../../../core/sale.ts"
import attempts from "../lua/attempts.lua" with { type: "text" }
import calls from "../lua/calls.lua" with { type: "text" }
import list from "../lua/list.lua" with { type: "text" }
import orders from "../lua/orders.lua" with { type: "text" }
import reads from "../lua/reads.lua" with { type: "text" }
import recovery from "../lua/recovery.lua" with { type: "text" }
import state from "../lua/state.lua" with { type: "text" }
import transitions from "../lua/transitions.lua" with { type: "text" }
import { CODES, type CodeName } from "./codes.ts"

/** Raise it with any change of the functions, so that processes of the release before can go on calling theirs. */
export const LIBRARY_VERSION = 4

/** The Lua files in order. Each uses only functions of the files before it. */
const PARTS = [state, orders, transitions, attempts, list, reads, recovery, calls]

/** The functions of the library that a client calls. They have the same names in Lua. */
export const FUNCTION_NAMES = [
  "reserve",
  "apply",
  "look",
  "create",
  "number_sale",
  "enlist",
  "open_list",
  "list_sales",
  "snapshot",
  "find_order",
  "list_orders",
  "list_holders",
  "opened",
  "open_sale",
  "trim",
  "forget",
  "put_orders",
  "put_uses",
  "rebuilt",
] as const

export type FunctionName = (typeof FUNCTION_NAMES)[number]

export interface Library {
  name: string
  text: string
  /** The function's name on the server, which includes the version. */
  functionName(name: FunctionName): string
}

/** The library as one text. */
export function libraryOf(version: number = LIBRARY_VERSION): Library {
  const name = `doorbuster_v${version}`
  const constants: Record<string, string> = { version: `v${version}`, max_releases: String(MAX_RELEASES) }
  const text = [`#!lua name=${name}`, ...PARTS].join("\n")
  return {
    name,
    text: text.replaceAll(/@(\w+)@/g, (_, word: string) => constants[word] ?? letterOf(word)),
    functionName: name => `${name}_v${version}`,
  }
}

function letterOf(name: string): string {
  const letter = CODES[name as CodeName]
  if (!letter) throw new Error(`The functions name the code ${name}, which codes.ts does not have.`)
  return letter
}
