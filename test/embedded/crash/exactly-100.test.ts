import { expect, test } from "bun:test"
import { HttpConnection } from "../../../src/cli/attack/http/connection.ts"
import { parseTarget, purchaseRequests } from "../../../src/cli/attack/http/target.ts"
import type { Order } from "../../../src/wire/wire.ts"
import { effort } from "../../support/effort.ts"
import { sellsExactly100 } from "../../support/exactly-100.ts"
import { administrator } from "../../support/node.ts"
import { System } from "../../support/system.ts"
import { tokenOf } from "../../support/token.ts"

const RUNS = effort(20, 2, 200)
const CLICKS = 50

test(
  `10,000 attempts of 2,000 customers for 100 units sell exactly 100, ${RUNS} times`,
  async () => {
    await using system = await System.start({ env: { DEMO: "0" } })
    for (let run = 1; run <= RUNS; run++) await sellsExactly100(system, administrator(system), `run-${run}`)
  },
  RUNS * 60_000,
)

test(`${CLICKS} clicks of one customer at once, over ${CLICKS} connections, buy one unit`, async () => {
  await using system = await System.start()
  const address = parseTarget(system.url, false)
  await system.createSale("clicks", { total: 100, limitPerCustomer: 10 })
  const connections = await Promise.all(Array.from({ length: CLICKS }, () => HttpConnection.open(address, 5_000)))
  const click = purchaseRequests(address, "clicks", "clicks", 1)(tokenOf("clicker"), "the-same-key")
  const replies = await Promise.all(connections.map(connection => connection.send(click, 5_000)))
  for (const connection of connections) connection.close()

  expect(new Set(replies.map(({ node }) => node)).size).toBeGreaterThan(1)
  const orders = replies.map(({ body }) => JSON.parse(body) as Order)
  expect(new Set(orders.map(order => JSON.stringify(order))).size).toBe(1)
  expect(orders[0]).toMatchObject({ state: "confirmed", customerId: "clicker", quantity: 1 })
  expect(replies.filter(({ status, replayed }) => status === 201 && !replayed)).toHaveLength(1)
  expect(replies.filter(({ status, replayed }) => status === 200 && replayed)).toHaveLength(CLICKS - 1)
  const { orders: kept } = await administrator(system).orders("clicks", 0)
  expect(kept).toEqual(orders.slice(0, 1))
}, 30_000)
