import type { Item } from "../../../wire/wire.ts"

/** The colour finishes that the product can be drawn in. */
export const FINISHES = ["orange", "blue", "silver", "black"] as const
export type Finish = (typeof FINISHES)[number]

/** Words in an item's name that tell its finish, in both languages. */
const FINISH_PATTERNS: [RegExp, Finish][] = [
  [/orange|oranye|gold|emas/i, "orange"],
  [/blue|biru/i, "blue"],
  [/silver|white|perak|putih/i, "silver"],
  [/black|hitam|gr[ae]y|abu/i, "black"],
]

const partsOf = (name: string) => name.split(/\s*,\s*|\s+[·/|]\s+/)

/**
 * The choices in the items' names: "Deep Blue, 256 GB" is one of several finishes and one of several sizes. Each choice
 * is an axis, a list of its values. Names without such parts form a single axis.
 */
export function axesOf(items: readonly Item[]): string[][] {
  const names = items.map(({ name }) => partsOf(name))
  const width = names[0]?.length ?? 0
  if (width < 2 || names.some(parts => parts.length !== width)) return [items.map(({ name }) => name)]
  return Array.from({ length: width }, (_, axis) => [...new Set(names.map(parts => parts[axis] ?? ""))])
}

/** The value of an item on an axis. */
export function valueOn(item: Item, axes: readonly string[][], axis: number): string {
  return axes.length > 1 ? (partsOf(item.name)[axis] ?? "") : item.name
}

/** The item with `value` on one axis. On the other axes it is as much like `from` as possible. */
export function withValue(items: readonly Item[], from: Item, axes: string[][], axis: number, value: string): Item {
  const candidates = items.filter(item => valueOn(item, axes, axis) === value)
  const alike = (item: Item) =>
    axes.filter((_, other) => valueOn(item, axes, other) === valueOn(from, axes, other)).length
  return candidates.toSorted((one, other) => alike(other) - alike(one))[0] ?? from
}

/** The index of the axis whose values are finishes, or -1. */
export function finishAxis(axes: readonly string[][]): number {
  return axes.findIndex(values => values.length > 1 && values.every(value => finishOf(value)))
}

export function finishOf(value: string): Finish | undefined {
  return FINISH_PATTERNS.find(([pattern]) => pattern.test(value))?.[1]
}
