/**
 * What the store may answer to one command, one letter each: a reply to 200 attempts carries 200 of them. The Lua files
 * say `@name@` where a letter goes, and `libraryOf` puts it there: so both sides read this table.
 */
export const CODES = {
  /** An attempt that made an order. */
  sold: "Y",
  /** The customer has an order under this key; its text follows. */
  replayed: "R",
  invalid: "i",
  sale_unknown: "u",
  key_reused: "k",
  /** The attempt came too late, or the ledger lacks too many facts. */
  overloaded: "b",
  sale_not_open: "n",
  sale_paused: "p",
  sale_closed: "l",
  limit_reached: "m",
  /** The text of an order that counts against the limit follows. */
  limit_reached_with: "M",
  /** Nothing is free. */
  sold_out: "s",
  /** Too few units are free; their number follows. */
  few_free: "f",
  /** Too few are free, but enough are held; `free deadline` follow. */
  all_held: "h",
  /** A transition that took effect; the head follows if it was asked for. */
  applied: "A",
  /** A transition without effect; the number of the guard that did not hold follows. */
  failed: "F",
  /** A transition that would have broken `free + held + sold = total`. */
  broken: "C",
  /** The order or the document that was asked for follows. */
  shown: "V",
  no_order: "v",
  /** A creation of a sale that exists. */
  exists: "e",
} as const

export type CodeName = keyof typeof CODES

const NAMES = new Map(Object.entries(CODES).map(([name, code]) => [code, name as CodeName]))

/** The name of a letter. Throws for one that is not in the table: another build's, or a fault of the library. */
export function codeName(letter: string | undefined): CodeName {
  const name = NAMES.get(letter as (typeof CODES)[CodeName])
  if (!name) throw new Error(`The store answered with the unknown code "${letter ?? ""}".`)
  return name
}
