import { afterAll, beforeAll, expect, test } from "bun:test"
import type { HttpResponse } from "../../src/cli/attack/http/response-parser.ts"
import { codeOf, lineToEach, type NodeLine } from "../support/lines.ts"
import { administrator, readyNode } from "../support/node.ts"
import { Scrape } from "../support/scrape.ts"
import { System } from "../support/system.ts"

/** A stale answer appears only when a message between processes loses a race against a request, so there are many rounds. */
const ROUNDS = 300
const STOPS = 6
const STOP_MS = 200

let system: System
let lines: NodeLine[]
beforeAll(async () => {
  system = await System.start({ env: { DEMO: "0" } })
  lines = await lineToEach(system)
})
afterAll(async () => {
  for (const line of lines) line.close()
  await system.stop()
})

async function codesOf(ask: (line: NodeLine, at: number) => ReturnType<NodeLine["buy"]>): Promise<string[]> {
  return (await Promise.all(lines.map(ask))).map(codeOf)
}

const everyNode = (code: string) => lines.map(() => code)

test("a sold-out sale is refused from memory, but no longer once a restock has been answered", async () => {
  await system.createSale("shoes", { total: lines.length })
  expect(await codesOf((line, at) => line.buy("shoes", `first-${at}`))).toEqual(everyNode("confirmed"))
  for (let round = 0; round < ROUNDS; round++) {
    const shop = lines[round % lines.length]!
    const answer = await shop.administer("POST", "/sales/shoes/items/shoes/restock", { units: lines.length })
    expect(answer.status).toBe(200)
    expect(await codesOf((line, at) => line.buy("shoes", `${round}-${at}`))).toEqual(everyNode("confirmed"))
    expect(await codesOf((line, at) => line.buy("shoes", `late-${round}-${at}`))).toEqual(everyNode("sold_out"))
  }
  const scrape = await Scrape.eventually(system.url)
  const refused = scrape.sum("flash_sale_requests_total", { outcome: "sold_out" })
  const sold = scrape.sum("flash_sale_requests_total", { outcome: "confirmed" })
  expect({ refused, sold }).toEqual({ refused: ROUNDS * lines.length, sold: (ROUNDS + 1) * lines.length })
  const asked = scrape.sum("flash_sale_batch_size_sum")
  expect(asked - sold).toBeLessThan(refused / 2)
}, 60_000)

test("a restock is answered only after a replica that was suspended for a moment knows of it", async () => {
  await system.createSale("hats", { total: 1 })
  expect(codeOf(await lines[0]!.buy("hats", "first"))).toBe("confirmed")
  const client = administrator(system)
  for (let round = 0; round < STOPS; round++) {
    const [shop, late] = [lines[round % lines.length]!, lines[(round + 1) % lines.length]!]
    expect(codeOf(await late.buy("hats", `early-${round}`))).toBe("sold_out")
    const { pid } = (await readyNode(client, late.node))!
    process.kill(pid, "SIGSTOP")
    let answered = false
    const restock = shop.administer("POST", "/sales/hats/items/hats/restock", { units: 1 }).then(({ status }) => {
      answered = true
      return status
    })
    await Bun.sleep(STOP_MS)
    expect(answered).toBe(false)
    process.kill(pid, "SIGCONT")
    expect(await restock).toBe(200)
    expect(codeOf(await late.buy("hats", `${round}`))).toBe("confirmed")
  }
}, 30_000)

test("a customer with an order never gets sold_out, on any node, under any key", async () => {
  await system.createSale("coats", { total: 30, limitPerCustomer: 2 })
  const orders: HttpResponse[] = []
  for (let at = 0; at < 30; at++) orders.push(await lines[at % lines.length]!.buy("coats", `holder-${at}`))
  expect(orders.map(codeOf)).toEqual(Array(30).fill("confirmed"))
  for (let at = 0; at < 30; at++) {
    const replays = await Promise.all(lines.map(line => line.buy("coats", `holder-${at}`)))
    expect(replays.map(({ status, replayed, body }) => ({ status, replayed, body }))).toEqual(
      lines.map(() => ({ status: 200, replayed: true, body: orders[at]!.body })),
    )
  }
  expect(await codesOf((line, at) => line.buy("coats", `stranger-${at}`))).toEqual(everyNode("sold_out"))
}, 30_000)

test("once a change to a sold-out sale is answered, every node applies it", async () => {
  await system.createSale("socks", { total: 1 })
  expect(codeOf(await lines[0]!.buy("socks", "only"))).toBe("confirmed")
  const shop = (round: number) => lines[round % lines.length]!
  for (let round = 0; round < ROUNDS / 3; round++) {
    const anyone = (line: NodeLine, at: number) => line.buy("socks", `${round}-${at}`)
    expect(await codesOf(anyone)).toEqual(everyNode("sold_out"))
    await shop(round).administer("POST", "/sales/socks/pause")
    expect(await codesOf(anyone)).toEqual(everyNode("sale_paused"))
    await shop(round + 1).administer("POST", "/sales/socks/resume")
    expect(await codesOf(anyone)).toEqual(everyNode("sold_out"))
    const opensAt = new Date(Date.now() + 3_600_000).toISOString()
    await shop(round + 2).administer("PATCH", "/sales/socks", { opensAt })
    expect(await codesOf(anyone)).toEqual(everyNode("sale_not_open"))
    await shop(round).administer("PATCH", "/sales/socks", { opensAt: new Date(Date.now() - 5_000).toISOString() })
  }
}, 30_000)
