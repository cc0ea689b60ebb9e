import { expect, test } from "bun:test"
import { between, circles, importsBelow } from "./imports.ts"

/** The most files that a purchase may cross from the socket to the store. */
const EMBEDDED_MAX = 14
const STACK_MAX = 20

const SERVER = "src/http/server.ts"
const PURCHASE = "src/http/purchase/purchase.ts"
const BATCHER = "src/http/purchase/batcher.ts"

const imports = await importsBelow("src")
/** In these folders constructors pass objects to each other, so an import of a type counts as a call. */
const calls = imports.map(({ from, to, isType }) => ({ from, to, isType: isType && wingOf(from) !== wingOf(to) }))

function wingOf(file: string): string {
  return /^src\/(embedded|stack|http\/purchase)\//.exec(file)?.[1] ?? file
}

/**
 * The files on the way: the purchase needs them, and they need one of `ends`. Helpers that answer at once (a parser, a
 * counter) lead to no store, so they are not on the way. `seams` are calls through an interface, which no import shows.
 */
function crossed(ends: string[], seams: [string, string][]): string[] {
  return [SERVER, ...between(calls, PURCHASE, ends, [[PURCHASE, BATCHER], ...seams])]
}

test("the server calls the purchase handler directly", () => {
  expect(imports.filter(({ from, to, isType }) => from === SERVER && to === PURCHASE && !isType)).toHaveLength(1)
})

test(`a purchase of the embedded system crosses ${EMBEDDED_MAX} files at most`, () => {
  const files = crossed(
    ["src/core/rules.ts", "src/embedded/sqlite/statements.ts"],
    [
      [BATCHER, "src/embedded/ipc/inventory.ts"],
      ["src/embedded/ipc/inventory.ts", "src/embedded/ipc/server.ts"],
      ["src/embedded/ipc/server.ts", "src/embedded/sqlite/inventory.ts"],
    ],
  )
  expect(files).toContain("src/embedded/sqlite/transaction.ts")
  expect(files.length, files.join("\n")).toBeLessThanOrEqual(EMBEDDED_MAX)
})

test(`a purchase of the stack crosses ${STACK_MAX} files at most`, () => {
  const files = crossed(
    ["src/stack/redis/lua/reserve.lua", "src/stack/redis/connect/connection.ts"],
    [
      [BATCHER, "src/stack/inventory.ts"],
      ["src/stack/inventory.ts", "src/stack/redis/inventory.ts"],
    ],
  )
  expect(files).toContain("src/stack/redis/connect/connection.ts")
  expect(files.length, files.join("\n")).toBeLessThanOrEqual(STACK_MAX)
})

test("no files import each other in a circle", () => {
  expect(circles(imports)).toEqual([])
})
