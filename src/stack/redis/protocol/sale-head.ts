import type { Item, Millis, Sale, Standing } from "../../../core/sale.ts"

export interface ItemHead extends Pick<Item, "sku" | "free" | "held" | "sold" | "total"> {
  amount: number
  currency: string
}

/** What every reply tells of its sale. */
export interface SaleHead {
  epoch: number
  seq: number
  hash: string
  at: Millis
  standing: Standing
  /** Of the document: it changes when an administrator amends the sale. */
  version: string
  /** Changes when a sale that was sold out is steered. */
  recall: string
  opensAt: Millis
  holdSeconds?: number
  /** The first deadline of a held order. */
  deadline?: Millis
  items: ItemHead[]
}

/** What is kept of a sale beside its head. Its text changes only when it is amended. */
export type Document = Omit<Sale, "number" | "seq" | "at" | "hash" | "standing" | "items"> & {
  items: Pick<Item, "sku" | "name" | "price" | "listPrice">[]
}

export function parseHead(text: string): SaleHead {
  const [epoch, seq, hash, at, standing, version, recall, opensAt, holdSeconds, deadline, stock] = text.split("|")
  return {
    epoch: Number(epoch),
    seq: Number(seq),
    hash: hash!,
    at: Number(at),
    standing: standing as Standing,
    version: version!,
    recall: recall!,
    opensAt: Number(opensAt),
    holdSeconds: holdSeconds ? Number(holdSeconds) : undefined,
    deadline: deadline ? Number(deadline) : undefined,
    items: stock ? stock.split(" ").map(parseItem) : [],
  }
}

/** The stock of a sale's items as its `meta` keeps it. */
export function stockText(items: readonly Item[]): string {
  return items
    .map(({ sku, free, held, sold, total, price }) =>
      [sku, free, held, sold, total, price.amount, price.currency].join(","),
    )
    .join(" ")
}

export function documentText({ items, ...sale }: Sale): string {
  const { number: _, seq: __, at: ___, hash: ____, standing: _____, ...terms } = sale
  const named = items.map(({ sku, name, price, listPrice }) => ({ sku, name, price, listPrice }))
  return JSON.stringify({ ...terms, items: named } satisfies Document)
}

export function saleOf(number: number, { items, ...terms }: Document, head: SaleHead): Sale {
  const { standing, seq, hash, at } = head
  const stocked = items.map((item, index) => {
    const { total, free, held, sold } = head.items[index]!
    return { ...item, price: { ...item.price }, total, free, held, sold }
  })
  return { ...terms, number, standing, seq, at, hash, items: stocked }
}

function parseItem(text: string): ItemHead {
  const [sku, free, held, sold, total, amount, currency] = text.split(",")
  return {
    sku: sku!,
    free: Number(free),
    held: Number(held),
    sold: Number(sold),
    total: Number(total),
    amount: Number(amount),
    currency: currency!,
  }
}
