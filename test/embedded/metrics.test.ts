import { expect, test } from "bun:test"
import { Crowd } from "../support/crowd.ts"
import { eventually } from "../support/eventually.ts"
import { administrator, killNode, readyNodes } from "../support/node.ts"
import { isGone } from "../support/processes.ts"
import { Scrape } from "../support/scrape.ts"
import { System } from "../support/system.ts"
import { tokenOf } from "../support/token.ts"

const KILLS = 5
const SCRAPES_PER_KILL = 4
const BUYERS = 60

test("no counter decreases when replicas are killed", async () => {
  await using system = await System.start({ env: { DEMO: "0" } })
  const client = administrator(system)
  await system.createSale("shoes", { total: 100_000 })
  const crowd = new Crowd(system.url, "shoes", { rate: 200 })
  let before = new Scrape("")
  const look = async () => {
    const scrape = await Scrape.eventually(system.url)
    expect(before.wentBack(scrape)).toEqual([])
    before = scrape
  }
  for (let kill = 0; kill < KILLS; kill++) {
    for (let look_ = 0; look_ < SCRAPES_PER_KILL; look_++) await look()
    const nodes = await readyNodes(client)
    const dying = killNode(client, nodes[kill % nodes.length]!)
    await look()
    await dying
  }
  await crowd.stop()
  await look()
  expect(before.sum("flash_sale_node_restarts_total")).toBe(KILLS)
  const sold = before.sum("flash_sale_requests_total", { outcome: "confirmed" })
  expect(sold).toBeLessThanOrEqual(crowd.answered)
  expect(sold).toBeGreaterThan(0)
  expect(before.sum("flash_sale_requests_total", { status: "success" })).toBe(
    sold + before.sum("flash_sale_requests_total", { outcome: "replayed" }),
  )
  crowd.deleteHistory()
}, 60_000)

test("the counts of a replica that drains are not lost", async () => {
  await using system = await System.start({ env: { DEMO: "0" } })
  const client = administrator(system)
  await system.createSale("shoes", { total: BUYERS })
  const buyAll = (name: string) =>
    Promise.all(Array.from({ length: BUYERS }, (_, at) => system.buy("shoes", tokenOf(`${name}-${at}`), "key")))
  await buyAll("early")
  const before = await readyNodes(client)
  system.signal("SIGHUP")
  await eventually("every process is replaced", () => before.every(({ pid }) => isGone(pid)))
  await readyNodes(client)
  await buyAll("late")
  const scrape = await Scrape.eventually(system.url)
  expect(scrape.sum("flash_sale_requests_total", { status: "success" })).toBe(BUYERS)
  expect(scrape.sum("flash_sale_requests_total", { status: "fail" })).toBe(BUYERS)
  expect(scrape.sum("flash_sale_purchase_duration_seconds_count")).toBe(2 * BUYERS)
  expect(scrape.sum("flash_sale_units", { sale: "shoes", state: "sold" })).toBe(BUYERS)
  expect(scrape.sum("flash_sale_gate_open")).toBe(1)
}, 30_000)
