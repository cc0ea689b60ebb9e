import { integer } from "../../format.ts"
import { exchange, fresh, jsonRequest, type Persona, repeat } from "./persona.ts"

/** Sends what can only be refused (400, 401, 404), to use up what the neighbours behind the same address may send. */
export const junk: Persona = {
  async attack(scene) {
    const { target, sale, item } = scene
    const orders = `/api/v1/sales/${sale.id}/orders`
    const requests = [
      () => jsonRequest(target, "POST", orders, { sku: item.sku, quantity: -1 }),
      () => jsonRequest(target, "POST", orders, { sku: item.sku }, `Authorization: Bearer ${fresh()}`),
      () => jsonRequest(target, "POST", orders, { sku: item.sku }),
      () => jsonRequest(target, "POST", `/api/v1/sales/${fresh()}/orders`, { sku: item.sku }),
      () => jsonRequest(target, "GET", `/${fresh()}`),
      () => jsonRequest(target, "POST", orders, { [fresh()]: 1 }),
    ]
    const statuses = new Map<number, number>()
    const sent = await repeat(scene, async turn => {
      const status = (await exchange(target, requests[turn % requests.length]!(), scene))?.status ?? 0
      statuses.set(status, (statuses.get(status) ?? 0) + 1)
    })
    const counts = [...statuses].sort().map(([status, count]) => `${status || "no answer"}: ${integer(count)}`)
    const isBroken = [...statuses.keys()].some(status => status >= 500)
    return {
      did: `${integer(sent)} requests (${counts.join(", ")})`,
      faults: isBroken ? ["Junk was answered 5xx."] : [],
    }
  },
}
