import change from "../lua/change.lua" with { type: "text" }
import commit from "../lua/commit.lua" with { type: "text" }
import create from "../lua/create.lua" with { type: "text" }
import decide from "../lua/decide.lua" with { type: "text" }
import journal from "../lua/journal.lua" with { type: "text" }
import list from "../lua/list.lua" with { type: "text" }
import orders from "../lua/orders.lua" with { type: "text" }
import read from "../lua/read.lua" with { type: "text" }
import recover from "../lua/recover.lua" with { type: "text" }
import register from "../lua/register.lua" with { type: "text" }
import reserve from "../lua/reserve.lua" with { type: "text" }
import state from "../lua/state.lua" with { type: "text" }
import steer from "../lua/steer.lua" with { type: "text" }

/** Raised with any change of the functions: servers of the release before go on calling theirs. */
export const LIBRARY_VERSION = 2

const PARTS = [state, journal, orders, commit, change, reserve, steer, decide, create, list, read, recover, register]

export interface Library {
  name: string
  text: string
  /** What the server calls a function of it. */
  functionName(name: string): string
}

/** The functions that decide, as one text. */
export function libraryOf(version: number = LIBRARY_VERSION): Library {
  const name = `doorbuster_v${version}`
  return {
    name,
    text: [`#!lua name=${name}`, ...PARTS].join("\n").replaceAll("@version@", `v${version}`),
    functionName: name => `${name}_v${version}`,
  }
}
