import { Database } from "bun:sqlite"
import { expect } from "bun:test"
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { chainText, type Fact, GENESIS } from "../../../src/core/fact.ts"
import type { Order } from "../../../src/core/order.ts"
import { sha1 } from "../../../src/runtime/sha1.ts"

/** Two sales with every kind of fact and orders in every state, written by the last commit that had schema 1. */
export const OLD_ROWS = readFileSync(join(import.meta.dir, "rows.sql"), "utf8")
/** When the last of those facts was written. */
export const OLD_NOW = Date.UTC(2026, 0, 2, 12, 1, 12)

/** A file of the embedded shape as schema 1 left it. */
export function writeOldFile(file: string): void {
  const database = new Database(file)
  database.run("PRAGMA journal_mode = WAL")
  database.run(readFileSync(join(import.meta.dir, "sqlite.sql"), "utf8"))
  database.run(OLD_ROWS)
  database.run("PRAGMA user_version = 1")
  database.close()
}

/** `A4-A000 confirmed 7`: the order, its state and the fact that brought it there. */
export const OLD_ORDERS = {
  drop: ["A4-A000 confirmed 7", "A5-A001 released 8", "A6-A002 released 13", "A14-A006 held 14"],
  flash: ["B3-A003 confirmed 3", "B4-A004 confirmed 4"],
}

export function expectOldData(saleId: keyof typeof OLD_ORDERS, orders: readonly Order[], facts: readonly Fact[]): void {
  expect(orders.map(({ id, state, seq }) => `${id} ${state} ${seq}`)).toEqual(OLD_ORDERS[saleId])
  let hash = GENESIS
  for (const [at, fact] of facts.entries()) {
    expect(fact.seq).toBe(at + 1)
    expect(fact.hash).toBe(sha1(chainText(hash, fact)))
    hash = fact.hash
  }
  expect(facts.at(-1)?.hash).toBe(LAST_HASH[saleId])
}

const LAST_HASH = {
  drop: "8d7c6610bb09bc3b90daf92e1d4e0e91908f7a75",
  flash: "be7f6fc8d678a96a81f5e8a460a6fecdad447306",
}
