import { afterAll, afterEach, beforeAll, expect, test } from "bun:test"
import { connect, type Socket } from "node:net"
import { sleep } from "../../src/runtime/time.ts"
import { eventually } from "../support/eventually.ts"
import { System } from "../support/system.ts"
import { tokenOf } from "../support/token.ts"

// Kind: connections. Those that open at once, stay idle, send slowly or send too much take no buyer's turn.

const BURST = 5000
const SLOW = 500
const FLOODS = 200
const BUYERS = 30
const BODY = JSON.stringify({ sku: "hall" })

let system: System
const sockets = new Set<Socket>()

beforeAll(async () => {
  system = await System.start({ env: { REPLICAS: "2" } })
  await system.createSale("hall", { total: 10_000 })
}, 60_000)
afterEach(() => {
  for (const socket of sockets) socket.destroy()
  sockets.clear()
})
afterAll(() => system.stop())

/** Sends `text` once connected. `answered` gets each piece of the answer. */
function open(text: string, answered: (text: string) => void = () => {}): Socket {
  const socket = connect(system.port, "127.0.0.1", () => socket.write(text))
  sockets.add(socket)
  return socket.on("data", bytes => answered(String(bytes))).on("error", () => {})
}

function purchaseOf(customer: string): string {
  return (
    `POST /api/v1/sales/hall/orders HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${tokenOf(customer)}\r\n` +
    `Idempotency-Key: ${customer}\r\nContent-Type: application/json\r\nContent-Length: ${BODY.length}\r\n\r\n${BODY}`
  )
}

async function buyersAreServed(prefix: string): Promise<void> {
  for (let at = 0; at < BUYERS; at++) {
    expect((await system.buy("hall", tokenOf(`${prefix}-${at}`), "k")).status).toBe(201)
  }
}

test(`given ${BURST} connections that open in one second, answers the purchase on each, and then buyers beside them`, async () => {
  const texts = Array.from({ length: BURST }, (_, at) => purchaseOf(`crowd-${at}`))
  const statuses = new Map<string, number>()
  const began = performance.now()
  for (const [at, text] of texts.entries()) {
    open(text, answer => {
      const status = /^HTTP\/1\.1 (\d+)/.exec(answer)?.[1]
      if (status) statuses.set(status, (statuses.get(status) ?? 0) + 1)
    })
    if (at % 50 === 49) await sleep(Math.max(0, began + at / 5 - performance.now()))
  }
  const answered = () => [...statuses.values()].reduce((sum, count) => sum + count, 0)
  await eventually("every connection has its answer", () => answered() === BURST)
  // Whoever is shed is told so. Nobody is left without an answer.
  expect([...statuses.keys()].filter(status => status !== "201" && status !== "503")).toEqual([])
  await buyersAreServed("after")
}, 120_000)

test(`given ${SLOW} clients that send a letter at a time, and ${FLOODS} with endless headers, serves every buyer`, async () => {
  const slow = Array.from({ length: SLOW }, () => open("POST /api/v1/sales/hall/orders HTTP/1.1\r\nX-Slow: "))
  let refused = 0
  const flood = `GET /api/v1/sales HTTP/1.1\r\nHost: localhost\r\n${`X-Flood: ${"f".repeat(1000)}\r\n`.repeat(64)}`
  for (let at = 0; at < FLOODS; at++) {
    let isOpen = true
    const end = () => {
      if (isOpen) refused++
      isOpen = false
    }
    open(flood, text => /^HTTP\/1\.1 4/.test(text) && end()).once("close", end)
  }
  const letters = setInterval(() => {
    for (const socket of slow) socket.write("s")
  }, 50)
  try {
    await buyersAreServed("beside")
    await eventually("every flood is refused", () => refused === FLOODS)
    await buyersAreServed("later")
  } finally {
    clearInterval(letters)
  }
}, 120_000)
