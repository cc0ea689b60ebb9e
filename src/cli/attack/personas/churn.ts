import { Order, Session } from "../../../wire/wire.ts"
import { counted, integer } from "../../format.ts"
import { exchange, fresh, jsonRequest, type Persona, repeat } from "./persona.ts"

/** Orders that one customer may release in a sale, unless the sale says otherwise. */
const RELEASES_MAX = 20

/** One session that holds a unit and cancels it, again and again: its history grows, and nobody else can buy the unit. */
export const churn: Persona = {
  async attack(scene) {
    const { target, sale, item } = scene
    const opened = await exchange(target, jsonRequest(target, "POST", "/api/v1/sessions"), scene)
    const session = Session.safeParse(opened && parsed(opened.body))
    if (!session.success) return { did: "no session was opened", faults: [] }
    const bearer = `Authorization: Bearer ${session.data.token}`
    let released = 0
    const sent = await repeat(scene, async () => {
      const body = { sku: item.sku, quantity: 1 }
      const purchase = jsonRequest(
        target,
        "POST",
        `/api/v1/sales/${sale.id}/orders`,
        body,
        bearer,
        `Idempotency-Key: ${fresh()}`,
      )
      const bought = await exchange(target, purchase, scene)
      const order = Order.safeParse(bought && parsed(bought.body))
      if (!order.success) return
      const cancel = jsonRequest(target, "POST", `/api/v1/orders/${order.data.id}/cancel`, undefined, bearer)
      if ((await exchange(target, cancel, scene))?.status === 200) released++
    })
    const faults = released > RELEASES_MAX ? [`One customer released ${counted(released, "order")}.`] : []
    const did = `${integer(sent)} attempts of one session, ${integer(released)} orders released`
    return { did: sale.checkout === "hold" ? did : `${did} (the sale has no holds)`, faults }
  },
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body)
  } catch {
    return undefined
  }
}
