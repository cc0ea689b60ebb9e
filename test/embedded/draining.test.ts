import { expect, test } from "bun:test"
import { connect } from "node:net"
import { eventually } from "../support/eventually.ts"
import { administrator, readyNode } from "../support/node.ts"
import { isGone } from "../support/processes.ts"
import { System } from "../support/system.ts"
import { tokenOf } from "../support/token.ts"

const BODY = JSON.stringify({ sku: "shoes" })

/** A buyer who has sent all of a purchase but its body. */
class SlowBuyer {
  readonly answer: Promise<string>
  readonly #socket

  constructor({ port }: System, customer: string) {
    this.#socket = connect(port, "127.0.0.1")
    this.#socket.write(
      `POST /api/v1/sales/shoes/orders HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${tokenOf(customer)}\r\n` +
        `Idempotency-Key: ${customer}\r\nContent-Type: application/json\r\nContent-Length: ${BODY.length}\r\n\r\n`,
    )
    this.answer = this.#read()
  }

  finish(): Promise<string> {
    this.#socket.write(BODY)
    return this.answer
  }

  async #read(): Promise<string> {
    let text = ""
    for await (const bytes of this.#socket) {
      text += bytes
      if (text.includes("}")) break
    }
    return text
  }
}

test("a replica that drains still finishes its requests, and refuses none of them from memory that is out of date", async () => {
  await using system = await System.start({ env: { DEMO: "0", REPLICAS: "1" } })
  const client = administrator(system)
  await system.createSale("shoes", { total: 1 })
  expect((await system.buy("shoes", tokenOf("first"), "key")).status).toBe(201)
  const old = await eventually("the node is ready", () => readyNode(client, "node-1"))
  const slow = [1, 2, 3].map(number => new SlowBuyer(system, `slow-${number}`))
  await Bun.sleep(100)

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
