/** Keys that share a slot, because they share a hash tag. */
export interface Keys {
  tag: string
  all: string[]
}

/** The keys of one sale, in the order of KEYS in Lua. The hash tag `{…}` puts them into one slot, so that one call may use all. */
export function keysOf(saleId: string): Keys & { journal: string } {
  const name = (part: string) => `sale:{${saleId}}:${part}`
  const journal = name("journal")
  return {
    tag: saleId,
    all: [...["meta", "customers", "orders", "deadlines"].map(name), journal, name("uses")],
    journal,
  }
}

/** The keys of the list of sales. A sale with the id `sales` shares the slot, not the keys. */
export const LIST: Keys = { tag: "sales", all: ["list:{sales}:numbers", "list:{sales}:about"] }

/** The identity of the system that the store belongs to. */
export const SYSTEM = "{fleet}:system"

/** The hash tag of a key, which decides its slot: the text between its first braces. */
export function tagOf(key: string): string {
  return /\{([^}]+)\}/.exec(key)?.[1] ?? key
}
