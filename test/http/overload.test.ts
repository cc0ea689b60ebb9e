import { afterAll, beforeAll, expect, test } from "bun:test"
import { mkdtempSync, rmSync } from "node:fs"
import { connect, type Socket } from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { Command } from "../../src/core/command.ts"
import type { Inventory } from "../../src/core/ports/inventory.ts"
import { SqliteInventory } from "../../src/embedded/sqlite/inventory.ts"
import { sleep } from "../../src/runtime/time.ts"
import { eventually } from "../support/eventually.ts"
import { TestReplica } from "../support/http/replica.ts"
import { Shop } from "../support/stores/shop.ts"
import { tokenOf } from "../support/token.ts"

// Kind: overload. One replica before a store whose speed is set, so that five times its capacity is a load that any machine can send.

/** The store takes this long for a purchase, one after the other. */
const PURCHASE_MS = 2
const CAPACITY = 1000 / PURCHASE_MS
const SECONDS = 4
const GENERATOR = join(import.meta.dir, "../support/http/open-loop-process.ts")
const BODY = JSON.stringify({ sku: "shoe" })

const folder = mkdtempSync(join(tmpdir(), "doorbuster-overload-"))
const inventory = new SqliteInventory(join(folder, "doorbuster.db"))
const shop = new Shop({ inventory, setClock() {}, close: async () => {} }, Date.now())
let freeAt = 0
/** The store, slowed down for purchases. */
const slowed = new Proxy(inventory as Inventory, {
  get(target, name: keyof Inventory) {
    const member = target[name]
    if (name === "decide") return decideSlowly
    return typeof member === "function" ? member.bind(target) : member
  },
})

async function decideSlowly(commands: readonly Command[]) {
  const purchases = commands.filter(({ kind }) => kind === "reserve").length
  if (purchases > 0) {
    freeAt = Math.max(freeAt, performance.now()) + purchases * PURCHASE_MS
    await sleep(Math.max(0, freeAt - performance.now()))
  }
  return inventory.decide(commands)
}

let replica: TestReplica

beforeAll(async () => {
  for (const id of ["peak", "flood"]) await shop.create({ id, opensAt: Date.now() - 60_000, total: 1_000_000 })
  await shop.create({ id: "held", opensAt: Date.now() - 60_000, holdSeconds: 600, total: 1000 })
  replica = await TestReplica.start(slowed)
})
afterAll(async () => {
  await replica[Symbol.asyncDispose]()
  await inventory[Symbol.asyncDispose]()
  rmSync(folder, { recursive: true, force: true })
})

/** Buyers at a steady rate, each with one attempt. Resolves with their answers by status. */
async function buyersAt(rate: number, sale: string): Promise<Record<string, number>> {
  const args = [replica.port, sale, rate, SECONDS].map(String)
  const child = Bun.spawn([process.execPath, GENERATOR, ...args], { stdio: ["ignore", "pipe", "inherit"] })
  return JSON.parse(await new Response(child.stdout).text())
}

function headOf(sale: string, customer: string): string {
  return (
    `POST /api/v1/sales/${sale}/orders HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${tokenOf(customer)}\r\n` +
    `Idempotency-Key: ${customer}\r\nContent-Type: application/json\r\nContent-Length: ${BODY.length}\r\n\r\n`
  )
}

function shedSoFar(): number {
  const family = replica.metrics.collect().find(({ name }) => name === "flash_sale_shed_total")
  return family?.values.reduce((sum, { value }) => sum + value, 0) ?? 0
}

/** A purchase whose body never comes. What it is answered goes to `answered`. */
function buyWithoutBody(customer: string, answered: (text: string) => void): Socket {
  const socket = connect(replica.port, "127.0.0.1")
  socket.write(headOf("flood", customer))
  return socket.on("data", bytes => answered(String(bytes)))
}

test("given five times the capacity, sells as at the peak, answers everybody, and confirms and operators go on", async () => {
  const orders = await Promise.all(
    Array.from({ length: 20 }, (_, at) => shop.bought(`holder-${at}`, "k", { sale: "held" })),
  )
  const peak = await buyersAt(CAPACITY, "peak")
  const before = shedSoFar()
  const flood = buyersAt(CAPACITY * 5, "flood")
  const lanes: number[] = []
  await eventually("the first attempt is shed", () => shedSoFar() > before)
  for (const { id, customerId } of orders) {
    const headers = { Authorization: `Bearer ${tokenOf(customerId)}` }
    lanes.push((await fetch(`${replica.url}api/v1/orders/${id}/confirm`, { method: "POST", headers })).status)
    lanes.push((await fetch(`${replica.url}api/v1/sales`)).status)
  }
  const shed: string[] = []
  const sockets: Socket[] = []
  await eventually("an attempt is shed whose body never comes", () => {
    sockets.push(buyWithoutBody(`unread-${sockets.length}`, text => shed.push(text)))
    return shed.length > 0
  })
  const { 201: bought = 0, 503: refused = 0, ...others } = await flood
  const { 201: most = 0 } = peak
  console.log(`at the peak ${most} orders; in the flood ${bought}, and ${refused} attempts that were shed`)
  expect(refused).toBeGreaterThan(2 * bought)
  expect(bought).toBeGreaterThanOrEqual(0.9 * most)
  expect(others).toEqual({})
  expect(lanes.every(status => status === 200)).toBe(true)
  for (const socket of sockets) socket.destroy()
  for (const text of shed) expect(text).toMatch(/^HTTP\/1.1 503 [\s\S]*retry-after: 1\r\n[\s\S]*"code":"overloaded"/i)
}, 60_000)
