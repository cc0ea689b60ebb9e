/**
 * The store's codes for the results of commands: one letter each, because a reply to 200 attempts carries 200 of them. The
 * Lua files write `@name@`, which `libraryOf` replaces by the letter, so both sides read this table.
 */
export const CODES = {
  /** An attempt that made an order. */
  sold: "Y",
  /** The customer already has an order under this key. Its text follows. */
  replayed: "R",
  invalid: "i",
  sale_unknown: "u",
  key_reused: "k",
  /** The attempt came after its `notAfter`, or the ledger lacks too many facts. */
  overloaded: "b",
  sale_not_open: "n",
  sale_paused: "p",
  sale_closed: "l",
  limit_reached: "m",
  /** An order counts against the limit. Its text follows. */
  limit_reached_with: "M",
  /** As many of the customer's orders were released as the sale allows. */
  limit_reached_by_releases: "g",
  /** One of the customer's orders was released a moment ago. The time when this is over follows. */
  cooling_down: "w",
  /** The sale keeps as many released orders as it may. */
  full: "z",
  /** Nothing is free. */
  sold_out: "s",
  /** Too few units are free. Their number follows. */
  few_free: "f",
  /** Too few units are free, but enough are held. `free deadline` follow. */
  all_held: "h",
  /** A transition took effect. The head follows if the call asked for it. */
  applied: "A",
  /** A transition had no effect. The number of the guard that failed follows. */
  failed: "F",
  /** A transition had no effect, because it would break `free + held + sold = total`. */
  broken: "C",
  /** The order or the document that the call asked for follows. */
  shown: "V",
  no_order: "v",
  /** The sale to be created exists. */
  exists: "e",
} as const

export type CodeName = keyof typeof CODES

const NAMES = new Map(Object.entries(CODES).map(([name, code]) => [code, name as CodeName]))

/** The name of a letter. Throws for a letter that is not in the table, which only another build's library can send. */
export function codeName(letter: string | undefined): CodeName {
  const name = NAMES.get(letter as (typeof CODES)[CodeName])
  if (!name) throw new Error(`The store answered with the unknown code "${letter ?? ""}".`)
  return name
}
