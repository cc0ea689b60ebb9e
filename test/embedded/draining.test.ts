import { expect, test } from "bun:test"
import { eventually } from "../support/eventually.ts"
import { administrator, readyNode } from "../support/node.ts"
import { isGone } from "../support/processes.ts"
import { SlowBuyer } from "../support/slow-buyer.ts"
import { System } from "../support/system.ts"
import { tokenOf } from "../support/token.ts"

test("a replica that drains finishes its requests, and refuses none of them from outdated memory", async () => {
  await using system = await System.start({ env: { DEMO: "0", REPLICAS: "1" } })
  const client = administrator(system)
  await system.createSale("shoes", { total: 1 })
  expect((await system.buy("shoes", tokenOf("first"), "key")).status).toBe(201)
  const old = await eventually("the node is ready", () => readyNode(client, "node-1"))
  const slow = [1, 2, 3].map(number => new SlowBuyer(system, `slow-${number}`))
  await eventually("all are under way", () => slow.every(buyer => buyer.hasArrived))

  system.signal("SIGHUP")
  await eventually("its successor is ready", async () => {
    const now = await readyNode(client, "node-1")
    return now && now.pid !== old.pid
  })
  await client.restock("shoes", "shoes", slow.length)
  expect(isGone(old.pid)).toBe(false)
  for (const answer of await Promise.all(slow.map(buyer => buyer.finish()))) {
    expect(answer).toStartWith("HTTP/1.1 201")
    expect(answer).toContain('"state":"confirmed"')
  }
  await eventually("it ends", () => isGone(old.pid))
  expect((await client.sale("shoes")).items[0]).toMatchObject({ total: 4, free: 0, sold: 4 })
}, 30_000)
