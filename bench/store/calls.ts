import type { Reserve } from "../../src/core/command.ts"
import { decisionOf } from "../../src/core/rules.ts"
import { keysOf, LIST } from "../../src/stack/redis/protocol/keys.ts"
import { type FunctionName, libraryOf } from "../../src/stack/redis/protocol/library.ts"
import { packAttempts, packCreation } from "../../src/stack/redis/protocol/requests.ts"
import { encode, type Wire } from "./wire.ts"

export const ATTEMPTS_PER_CALL = 200
const SALE = "launch"
const SKU = "phone"
/** More than any run sells, so that none is refused for the ledger's sake. */
const BACKLOG = 1_000_000_000
/** The clock of the run. Calls are made before they are sent, so none of them can name the store's own time. */
const NOW = 1_800_000_000_000

const library = libraryOf()

function functionCall(name: FunctionName, keys: readonly string[], args: readonly string[]): string {
  return encode(["FCALL", library.functionName(name), String(keys.length), ...keys, ...args])
}

/** An empty store with one sale of so many units. */
export async function openSale(wire: Wire, total: number): Promise<void> {
  await wire.command("FLUSHALL")
  await wire.command("FUNCTION", "FLUSH")
  expectReply(await wire.command("FUNCTION", "LOAD", library.text), library.name)
  await wire.send(functionCall("open_list", LIST.all, ["1", "mark"]))
  const price = { amount: 2_574_900_000, currency: "IDR" }
  const terms = { id: SALE, name: "Launch", description: "", opensAt: 0, limitPerCustomer: 1 }
  const sale = { ...terms, checkout: "instant" as const, items: [{ sku: SKU, name: "Phone", price, total }] }
  const nothing = {
    sale: () => undefined,
    saleNumbered: () => undefined,
    digestOf: () => undefined,
    order: () => undefined,
  }
  const decision = decisionOf(nothing, { kind: "create", sale }, 0)
  if ("outcome" in decision) throw new Error(`The rules refuse the sale: ${decision.outcome}`)
  const { args } = packCreation(sale, decision.transition, 1, "run", false)
  expectReply(await wire.send(functionCall("create", keysOf(SALE).all, [header(0), ...args])), "ok")
}

/** Calls of attempts to buy, each by a customer who was not there before: names and keys are UUIDs. */
export function attempts(calls: number, perCall = ATTEMPTS_PER_CALL): string[] {
  return Array.from({ length: calls }, () => {
    const batch = Array.from({ length: perCall }, (): Reserve => {
      const [customerId, key] = [crypto.randomUUID(), crypto.randomUUID()]
      const rest = { saleId: SALE, sku: SKU, quantity: 1, suffix: "4Q2M", notAfter: Number.MAX_SAFE_INTEGER }
      return { kind: "reserve", customerId, key, ...rest }
    })
    return functionCall("reserve", keysOf(SALE).all, [header(1), ...packAttempts(batch)])
  })
}

/** The ledger has everything. */
export async function drain(wire: Wire, seq: number): Promise<void> {
  expectReply(await wire.send(functionCall("trim", keysOf(SALE).all, ["1", String(seq)])), "ok")
}

/** The memory of all keys of the sale. */
export async function bytesOfSale(wire: Wire): Promise<number> {
  let bytes = 0
  for (const key of keysOf(SALE).all) {
    const reply = await wire.command("MEMORY", "USAGE", key, "SAMPLES", "0")
    // The reply for a key that does not exist is $-1.
    if (reply.startsWith(":")) bytes += Number(reply.slice(1))
  }
  return bytes
}

/** How many answers of a reply are this letter. */
export function count(reply: string, letter: string, perCall: number): number {
  const letters = reply.split("\r\n").find(line => line.length === perCall && /^[a-zA-Z]+$/.test(line))
  return letters ? letters.split(letter).length - 1 : 0
}

/** See `enter` in state.lua. */
function header(epoch: number): string {
  return `1|${SALE}|${epoch}|0|${NOW}|${NOW}|1|${BACKLOG}|0|${BACKLOG}`
}

function expectReply(reply: string, part: string): void {
  if (!reply.includes(part)) throw new Error(`The store answered: ${reply}`)
}
