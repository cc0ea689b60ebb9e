import type { Order } from "../../src/wire/wire.ts"

export const SESSION_SECRET = "a secret of the tests, long enough for anyone"
export const ADMIN_TOKEN = "the-administrator-of-the-tests"
export const DEMO_SALE = "iphone-17-pro-max"

/** A running system of either shape, as buyers and administrators reach it. */
export abstract class Site {
  abstract readonly url: string

  request(path: string, init: RequestInit & { token?: string } = {}): Promise<Response> {
    const headers = new Headers(init.headers)
    if (init.token) headers.set("Authorization", `Bearer ${init.token}`)
    if (init.body) headers.set("Content-Type", "application/json")
    return fetch(this.url + path, { ...init, headers })
  }

  async admin<Value>(method: string, path: string, body?: object): Promise<Value> {
    const init = { method, token: ADMIN_TOKEN, ...(body && { body: JSON.stringify(body) }) }
    const response = await this.request(`/api/v1/admin${path}`, init)
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`)
    return (await response.json()) as Value
  }

  /** A sale that is open now, with one item named like the sale. */
  async createSale(id: string, terms: { total?: number; [term: string]: unknown } = {}): Promise<void> {
    const { total = 100, ...rest } = terms
    const price = { amount: 100_000, currency: "IDR" }
    await this.admin("POST", "/sales", {
      id,
      name: id,
      opensAt: new Date(Date.now() - 1000).toISOString(),
      items: [{ sku: id, name: id, price, total }],
      ...rest,
    })
  }

  buy(saleId: string, token: string, key: string, body: object = { sku: saleId }): Promise<Response> {
    const headers = { "Idempotency-Key": key }
    const path = `/api/v1/sales/${saleId}/orders`
    return this.request(path, { method: "POST", token, headers, body: JSON.stringify(body) })
  }

  async order(orderId: string): Promise<Order> {
    return (await (await this.request(`/api/v1/orders/${orderId}`, { token: ADMIN_TOKEN })).json()) as Order
  }
}
