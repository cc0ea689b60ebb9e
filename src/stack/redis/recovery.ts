import type { CommandKey } from "../../core/command.ts"
import { commandUse } from "../../core/guard.ts"
import { type Order, parseOrderId } from "../../core/order.ts"
import type { Head, Heads } from "../../core/ports/hot-inventory.ts"
import { InventoryFault } from "../../core/ports/inventory.ts"
import type { Millis, Sale } from "../../core/sale.ts"
import { type Random, systemRandom } from "../../runtime/random.ts"
import { LIST_NAME } from "./freshness.ts"
import type { FunctionClient } from "./function-client.ts"
import { keysOf, LIST } from "./protocol/keys.ts"
import { orderText, useText } from "./protocol/record-text.ts"
import { metaOf, stockText } from "./protocol/sale-text.ts"
import type { SaleDirectory } from "./sale-directory.ts"

/** The most orders, or keys of commands, in one call while a sale is rebuilt. */
const ORDERS_PER_CALL = 500

/** What a worker calls to make the store agree with the ledger. */
export class RedisRecovery {
  constructor(
    private readonly client: FunctionClient,
    private readonly directory: SaleDirectory,
    private readonly random: Random = systemRandom,
  ) {}

  async heads(): Promise<Heads> {
    const { entries, isOpen } = await this.directory.list()
    const sales = await Promise.all(entries.map(({ id, number }) => this.directory.look(id, number)))
    const heads: Head[] = []
    for (const [at, { created }] of entries.entries()) {
      const sale = sales[at]
      if (!sale) continue
      const { id, number, ledgerSeq, isOpen, head } = sale
      if (!created) await this.#enlist(id, number)
      heads.push({ saleId: id, number, seq: head.seq, hash: head.hash, epoch: head.epoch, ledgerSeq, isOpen })
    }
    return { sales: heads, isOpen }
  }

  async trim(saleId: string, seq: number): Promise<void> {
    await this.client.call("trim", keysOf(saleId), ["", String(seq)])
  }

  async nextEpoch({ saleId, epoch }: Head): Promise<number> {
    const [, known = "0", run] = await this.client.read("opened", keysOf(saleId), [""])
    const latest = Math.max(Number(known), epoch)
    return run === this.client.run(saleId) && latest === Number(known) ? latest : latest + 1
  }

  async open({ saleId, seq, hash }: Head, epoch: number): Promise<boolean> {
    const args = ["", saleId, String(epoch), String(seq), hash, this.client.run(saleId)]
    const [state] = await this.client.call("open_sale", keysOf(saleId), args)
    if (state === "ok") this.directory.sale(saleId)?.learnEpoch(epoch)
    this.directory.freshness.doubt(saleId)
    return state === "ok"
  }

  async openList(): Promise<void> {
    await this.client.call("open_list", LIST, ["", this.random.key()])
    // The server's word that the list has changed may come after this reply.
    this.directory.freshness.doubt(LIST_NAME)
  }

  async rebuild(
    sale: Sale,
    epoch: number,
    orders: AsyncIterable<Order[]>,
    commands: readonly CommandKey[],
  ): Promise<void> {
    const keys = keysOf(sale.id)
    const mark = this.random.key()
    const skus = sale.items.map(({ sku }) => sku)
    proceed(sale.id, await this.client.call("forget", keys, ["", sale.id, String(epoch), mark]))
    this.directory.forget(sale.id)
    let released = 0
    for await (const page of orders) {
      released += page.filter(({ state }) => state === "released").length
      for (let at = 0; at < page.length; at += ORDERS_PER_CALL) {
        const args = page.slice(at, at + ORDERS_PER_CALL).flatMap(order => orderArgs(order, skus, sale.at))
        proceed(sale.id, await this.client.call("put_orders", keys, ["", mark, ...args]))
      }
    }
    for (let at = 0; at < commands.length; at += ORDERS_PER_CALL) {
      const args = commands
        .slice(at, at + ORDERS_PER_CALL)
        .flatMap(one => [commandUse(one.key), useText(sale.seq, one.digest)])
      proceed(sale.id, await this.client.call("put_uses", keys, ["", mark, ...args]))
    }
    await this.#enlist(sale.id, sale.number)
    proceed(sale.id, await this.client.call("rebuilt", keys, ["", mark, ...metaArgs(sale, epoch, released)]))
  }

  async #enlist(saleId: string, number: number): Promise<void> {
    await this.client.call("enlist", LIST, ["", saleId, String(number)])
  }
}

function proceed(saleId: string, [state]: string[]): void {
  if (state === "ok") return
  throw new InventoryFault(`Another worker rebuilds ${saleId}.`, false)
}

function orderArgs(order: Order, skus: string[], latest: Millis): string[] {
  const parsed = parseOrderId(order.id)
  if (!parsed) throw new Error(`The ledger has an order with the id ${order.id}, which is none.`)
  const { seq, suffix } = parsed
  const text = orderText(order, seq, suffix, skus.indexOf(order.sku) + 1)
  return [order.customerId, text, String(seq), deadlineText(order, latest)]
}

/** When a hold ends. One that was made later than the sale's latest fact, by a clock that was ahead, lasts its length from then. */
function deadlineText({ state, createdAt, payBefore = createdAt }: Order, latest: Millis): string {
  if (state !== "held") return ""
  return String(createdAt > latest ? latest + (payBefore - createdAt) : payBefore)
}

/** Fields and values of the hash `meta`; see META in state.lua. `drained` is what the hash calls `ledgerSeq`. */
function metaArgs(sale: Sale, epoch: number, released: number): string[] {
  const { number, seq, hash, at } = sale
  const version = `${epoch}-${sale.version ?? seq}`
  const place = { number, epoch, seq, hash, at, drained: seq, version, recall: `${epoch}-${seq}` }
  const meta = { ...place, ...metaOf(sale), stock: stockText(sale.items), released, run: "" }
  return Object.entries(meta).flatMap(([name, value]) => [name, String(value)])
}
