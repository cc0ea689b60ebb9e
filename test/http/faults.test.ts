import { expect, test } from "bun:test"
import { InventoryFault } from "../../src/core/ports/inventory.ts"
import type { RequestContext } from "../../src/http/context.ts"
import { Responses } from "../../src/http/responses.ts"
import { routes } from "../../src/http/server.ts"
import { systemTime } from "../../src/runtime/time.ts"

/** The response to a request for an order when the store throws `fault`, and what is logged. */
async function answerTo(fault: Error): Promise<{ response: Response; logged: object[] }> {
  const logged: object[] = []
  const context = {
    responses: new Responses("node-1"),
    authenticator: { authenticateAnyone: async () => ({ kind: "administrator", role: "owner" }) },
    inventory: {
      order() {
        throw fault
      },
    },
    saleCache: {},
    time: systemTime,
    nodes: {},
    log: { error: (fields: object) => logged.push(fields) },
  } as unknown as RequestContext
  const request = new Request("http://a/api/v1/orders/A3-0000")
  const response = await routes(context, "/nowhere").fetch(request, { timeout() {}, requestIP: () => null })
  return { response, logged }
}

test("an unexpected error is answered outcome_unknown without any detail, and logged with its stack", async () => {
  const fault = new TypeError("undefined is not an object at /src/inside.ts:3:7")
  const { response, logged } = await answerTo(fault)
  expect(response.status).toBe(503)
  expect(response.headers.get("retry-after")).toBe("1")
  const text = await response.text()
  expect(JSON.parse(text)).toMatchObject({ code: "outcome_unknown", status: 503 })
  expect(text).not.toMatch(/inside|TypeError|undefined|\.ts/)
  expect(logged).toEqual([{ error: fault.message, stack: fault.stack }])
})

test.each([
  [true, "overloaded"],
  [false, "outcome_unknown"],
])("a fault of the store that certainly had no effect (%p) is answered %s", async (certain, code) => {
  const { response, logged } = await answerTo(new InventoryFault("The disk is full: /data/doorbuster.db", certain))
  expect(response.status).toBe(503)
  const text = await response.text()
  expect(JSON.parse(text)).toMatchObject({ code })
  expect(text).not.toContain("disk")
  expect(logged).toEqual([])
})
