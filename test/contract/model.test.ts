import { afterAll, describe, test } from "bun:test"
import { effort } from "../support/effort.ts"
import { ipc, sqlite } from "../support/stores/kinds.ts"
import { compare, LIMIT_MS } from "./model/compare.ts"

describe("given random commands, a store and the model decide the same", () => {
  const direct = sqlite()
  const folding = sqlite(2)
  const remote = ipc()
  test("SQLite", () => compare(direct, effort(50_000, 5_000, 1_000_000)), LIMIT_MS * 2)
  test("SQLite that folds all the time", () => compare(folding, effort(10_000, 1_000, 200_000)), LIMIT_MS * 2)
  test("SQLite through IPC", () => compare(remote, effort(10_000, 1_000, 200_000)), LIMIT_MS * 2)
  afterAll(() => Promise.all([direct.end(), folding.end(), remote.end()]))
})
