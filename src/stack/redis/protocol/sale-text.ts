import { changeSale } from "../../../core/fold.ts"
import { copyOf, type Item, type Millis, type Sale, type Standing } from "../../../core/sale.ts"
import type { Change } from "../../../core/transition.ts"

export interface ItemHead extends Pick<Item, "sku" | "free" | "held" | "sold" | "total"> {
  amount: number
  currency: string
}

/** What every reply says about its sale. */
export interface SaleHead {
  epoch: number
  seq: number
  hash: string
  at: Millis
  standing: Standing
  /** `epoch-seq` of an administrator's last fact. */
  version: string
  /** The recall mark. It changes whenever a sold-out sale changes. */
  recall: string
  opensAt: Millis
  holdSeconds?: number | undefined
  /** The earliest deadline of a held order. */
  deadline?: Millis | undefined
  items: ItemHead[]
}

/** What the store keeps of a sale beside its head. It changes only when an administrator changes the sale. */
export type Document = Omit<Sale, "number" | "version" | "seq" | "at" | "hash" | "standing" | "items"> & {
  items: Pick<Item, "sku" | "name" | "price" | "listPrice">[]
}

/** The fields of a sale's hash `meta` that an administrator sets, as texts. */
export interface SaleMeta {
  standing: string
  opensAt: string
  closesAt: string
  holdSeconds: string
  limit: string
  maxReleases: string
  cooldownSeconds: string
  checkout: string
  document: string
}

export function metaOf(sale: Sale): SaleMeta {
  return {
    standing: sale.standing,
    opensAt: String(sale.opensAt),
    closesAt: String(sale.closesAt ?? ""),
    holdSeconds: String(sale.holdSeconds ?? ""),
    limit: String(sale.limitPerCustomer),
    maxReleases: String(sale.maxReleases ?? ""),
    cooldownSeconds: String(sale.cooldownSeconds ?? ""),
    checkout: sale.checkout,
    document: JSON.stringify(documentOf(sale)),
  }
}

/** Whether an administrator's facts are among the changes. Only those change more of a sale than its stock. */
export function changesSale(changes: readonly Change[]): boolean {
  return changes.some(({ order }) => !order)
}

/** The sale after the changes, except for its stock and chain. */
export function saleAfter(sale: Sale, changes: readonly Change[]): Sale {
  const after = copyOf(sale)
  for (const { kind, terms } of changes) changeSale(after, { kind, seq: sale.seq, orderId: undefined, terms })
  return after
}

export function parseHead(text: string): SaleHead {
  const [epoch, seq, hash = "", at, standing, version = "", recall = "", opensAt, holdSeconds, deadline, stock] =
    text.split("|")
  return {
    epoch: Number(epoch),
    seq: Number(seq),
    hash,
    at: Number(at),
    standing: standing as Standing,
    version,
    recall,
    opensAt: Number(opensAt),
    holdSeconds: holdSeconds ? Number(holdSeconds) : undefined,
    deadline: deadline ? Number(deadline) : undefined,
    items: stock ? stock.split(" ").map(parseItem) : [],
  }
}

/** The stock of a sale's items as its hash `meta` keeps it. */
export function stockText(items: readonly Item[]): string {
  return items
    .map(({ sku, free, held, sold, total, price }) =>
      [sku, free, held, sold, total, price.amount, price.currency].join(","),
    )
    .join(" ")
}

export function documentOf(sale: Sale): Document {
  const { number: _, version: __, seq: ___, at: ____, hash: _____, standing: ______, items, ...terms } = sale
  return { ...terms, items: items.map(({ sku, name, price, listPrice }) => ({ sku, name, price, listPrice })) }
}

export function saleOf(number: number, { items, ...terms }: Document, head: SaleHead): Sale {
  const { standing, seq, hash, at } = head
  const version = Number(head.version.split("-").at(-1))
  const stocked = items.map((item, index) => {
    const stock = head.items[index]
    if (!stock) throw new Error(`The store's head of ${terms.id} lacks the item ${item.sku}.`)
    const { total, free, held, sold } = stock
    return { ...item, price: { ...item.price }, total, free, held, sold }
  })
  return { ...terms, number, standing, version, seq, at, hash, items: stocked }
}

function parseItem(text: string): ItemHead {
  const [sku = "", free, held, sold, total, amount, currency = ""] = text.split(",")
  return {
    sku,
    free: Number(free),
    held: Number(held),
    sold: Number(sold),
    total: Number(total),
    amount: Number(amount),
    currency,
  }
}
