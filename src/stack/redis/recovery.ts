import { type Order, parseOrderId } from "../../core/order.ts"
import type { Head, Heads } from "../../core/ports/hot-inventory.ts"
import { InventoryFault } from "../../core/ports/inventory.ts"
import type { Sale } from "../../core/sale.ts"
import type { FunctionClient } from "./function-client.ts"
import { keysOf, LIST } from "./protocol/keys.ts"
import { orderText } from "./protocol/order-text.ts"
import { metaOf, stockText } from "./protocol/sale-text.ts"
import type { SaleDirectory } from "./sale-directory.ts"

/** Orders in one call while a sale is made anew. */
const ORDERS_PER_CALL = 500

/** What a worker does to bring store and ledger together. */
export class RedisRecovery {
  constructor(
    private readonly caller: FunctionClient,
    private readonly book: SaleDirectory,
  ) {}

  async heads(): Promise<Heads> {
    const { entries, isOpen } = await this.book.list()
    const sales = await Promise.all(entries.map(({ id, number }) => this.book.look(id, number)))
    const heads: Head[] = []
    for (const [at, sale] of sales.entries()) {
      if (!sale) continue
      const { id, number, drained, isOpen, head } = sale
      if (!entries[at]!.created) await this.#enlist(id, number)
      heads.push({ saleId: id, number, seq: head.seq, hash: head.hash, epoch: head.epoch, ledgerSeq: drained, isOpen })
    }
    return { sales: heads, isOpen }
  }

  async trim(saleId: string, seq: number): Promise<void> {
    await this.caller.call("drained", keysOf(saleId), ["", String(seq)])
  }

  async nextEpoch({ saleId, epoch }: Head): Promise<number> {
    const [, known = "0", run] = await this.caller.read("opened", keysOf(saleId), [""])
    const latest = Math.max(Number(known), epoch)
    return run === this.caller.run(saleId) && latest === Number(known) ? latest : latest + 1
  }

  async open({ saleId, seq, hash }: Head, epoch: number): Promise<boolean> {
    const args = ["", saleId, String(epoch), String(seq), hash, this.caller.run(saleId)]
    const [state] = await this.caller.call("open_sale", keysOf(saleId), args)
    if (state === "ok") this.book.sale(saleId)?.learnEpoch(epoch)
    return state === "ok"
  }

  async openList(): Promise<void> {
    await this.caller.call("open_list", LIST, ["", crypto.randomUUID()])
  }

  async rebuild(sale: Sale, epoch: number, orders: AsyncIterable<Order[]>): Promise<void> {
    const keys = keysOf(sale.id)
    const mark = crypto.randomUUID()
    const skus = sale.items.map(({ sku }) => sku)
    proceed(sale.id, await this.caller.call("forget", keys, ["", sale.id, String(epoch), mark]))
    this.book.forget(sale.id)
    for await (const page of orders) {
      for (let at = 0; at < page.length; at += ORDERS_PER_CALL) {
        const args = page.slice(at, at + ORDERS_PER_CALL).flatMap(order => orderArgs(order, skus))
        proceed(sale.id, await this.caller.call("put_orders", keys, ["", mark, ...args]))
      }
    }
    await this.#enlist(sale.id, sale.number)
    proceed(sale.id, await this.caller.call("rebuilt", keys, ["", mark, ...metaArgs(sale, epoch)]))
  }

  async #enlist(saleId: string, number: number): Promise<void> {
    await this.caller.call("enlist", LIST, ["", saleId, String(number)])
  }
}

function proceed(saleId: string, [state]: string[]): void {
  if (state === "ok") return
  throw new InventoryFault(`Another worker makes ${saleId} anew.`, false)
}

function orderArgs(order: Order, skus: string[]): string[] {
  const { seq, suffix } = parseOrderId(order.id)!
  const text = orderText(order, seq, suffix, skus.indexOf(order.sku) + 1)
  return [order.customerId, text, String(seq), order.state === "held" ? String(order.payBefore) : ""]
}

/** Fields and values of `meta`; see META in state.lua. */
function metaArgs(sale: Sale, epoch: number): string[] {
  const { number, seq, hash, at } = sale
  const version = `${epoch}-${sale.version ?? seq}`
  const place = { number, epoch, seq, hash, at, drained: seq, version, recall: `${epoch}-${seq}` }
  const meta = { ...place, ...metaOf(sale), stock: stockText(sale.items), run: "" }
  return Object.entries(meta).flatMap(([name, value]) => [name, String(value)])
}
