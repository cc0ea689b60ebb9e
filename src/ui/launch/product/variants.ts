import type { Item } from "../../../wire/wire.ts"

/** The finishes that the product is drawn in. */
export const FINISHES = ["orange", "blue", "silver", "black"] as const
export type Finish = (typeof FINISHES)[number]

/** Words of a name that say which finish is meant, in both languages. */
const FINISH_PATTERNS: [RegExp, Finish][] = [
  [/orange|oranye|gold|emas/i, "orange"],
  [/blue|biru/i, "blue"],
  [/silver|white|perak|putih/i, "silver"],
  [/black|hitam|gr[ae]y|abu/i, "black"],
]

const partsOf = (name: string) => name.split(/\s*,\s*|\s+[·/|]\s+/)

/**
 * The choices that the items' names spell out: "Deep Blue, 256 GB" is one of several finishes and one of several sizes.
 * Names without such parts are one choice.
 */
export function axesOf(items: readonly Item[]): string[][] {
  const names = items.map(({ name }) => partsOf(name))
  const width = names[0]?.length ?? 0
  if (width < 2 || names.some(parts => parts.length !== width)) return [items.map(({ name }) => name)]
  return Array.from({ length: width }, (_, at) => [...new Set(names.map(parts => parts[at]!))])
}

/** The value that an item has on an axis. */
export function partOf(item: Item, axes: readonly string[][], at: number): string {
  return axes.length > 1 ? partsOf(item.name)[at]! : item.name
}

/** The item to turn to when `value` is chosen on one axis: the others stay as they are where there is such an item. */
export function withValue(items: readonly Item[], from: Item, axes: string[][], at: number, value: string): Item {
  const fits = items.filter(item => partOf(item, axes, at) === value)
  const same = (item: Item) => axes.filter((_, other) => partOf(item, axes, other) === partOf(from, axes, other)).length
  return fits.toSorted((one, other) => same(other) - same(one))[0] ?? from
}

/** The axis whose values are finishes, if one is. */
export function finishAxis(axes: readonly string[][]): number {
  return axes.findIndex(values => values.length > 1 && values.every(value => finishOf(value)))
}

export function finishOf(value: string): Finish | undefined {
  return FINISH_PATTERNS.find(([words]) => words.test(value))?.[1]
}
