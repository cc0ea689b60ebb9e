import type { NodeList, Order, Sale } from "../../src/wire/wire.ts"
import { token } from "../load/customers.ts"

const SKU = "phone"

/** The few requests that the benchmark sends besides its load. */
export class Api {
  readonly purchase = JSON.stringify({ sku: SKU, quantity: 1 })

  constructor(
    readonly url: string,
    private readonly adminToken: string,
    private readonly secret: string,
  ) {}

  ordersUrl(saleId: string): string {
    return `${this.url}/api/v1/sales/${saleId}/orders`
  }

  async isReady(replicas: number): Promise<boolean> {
    const nodes = await this.nodes()
    return nodes.length === replicas && nodes.every(node => node.state === "ready")
  }

  async nodes(): Promise<NodeList["nodes"]> {
    return (await this.send<NodeList>("GET", "/api/v1/admin/nodes", this.adminToken)).nodes
  }

  async createSale(id: string, total: number): Promise<void> {
    const price = { amount: 2_574_900_000, currency: "IDR" }
    const items = [{ sku: SKU, name: "Phone", price, total }]
    const opensAt = new Date(Date.now() - 60_000).toISOString()
    const sale = { id, name: id, opensAt, limitPerCustomer: 1, checkout: "instant", items }
    await this.send("POST", "/api/v1/admin/sales", this.adminToken, JSON.stringify(sale))
  }

  async buy(saleId: string, customerId: string): Promise<Order> {
    const path = `/api/v1/sales/${saleId}/orders`
    return this.send("POST", path, token(customerId, this.secret), this.purchase)
  }

  async sold(saleId: string): Promise<number> {
    const sale = await this.send<Sale>("GET", `/api/v1/sales/${saleId}`, this.adminToken)
    return sale.items.reduce((sum, { sold }) => sum + sold, 0)
  }

  private async send<T>(method: string, path: string, bearer: string, body?: string): Promise<T> {
    const headers: Record<string, string> = { Authorization: `Bearer ${bearer}`, "Idempotency-Key": "bench" }
    if (body) headers["Content-Type"] = "application/json"
    const init: RequestInit = { method, headers, signal: AbortSignal.timeout(20_000) }
    if (body !== undefined) init.body = body
    const response = await fetch(this.url + path, init)
    if (!response.ok) throw new Error(`${method} ${path} got status ${response.status}: ${await response.text()}`)
    return (await response.json()) as T
  }
}
