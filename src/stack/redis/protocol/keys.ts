/** Whose keys share one slot, and which. */
export interface Keys {
  tag: string
  all: string[]
}

/** The keys of one sale. `{…}`: one slot of a cluster, so that one call may touch all of them. */
export function keysOf(saleId: string): Keys & { journal: string } {
  const all = ["meta", "customers", "orders", "deadlines", "journal", "uses"].map(part => `sale:{${saleId}}:${part}`)
  return { tag: saleId, all, journal: all[4]! }
}

/** The list of sales. A sale of the same name shares the slot, not the keys. */
export const LIST: Keys = { tag: "sales", all: ["list:{sales}:numbers", "list:{sales}:about"] }

/** What decides about a key's slot: what stands between its first braces. */
export function tagOf(key: string): string {
  return /\{([^}]+)\}/.exec(key)?.[1] ?? key
}
