import type { Item } from "../../../wire/wire.ts"

export type StockDot = "free" | "held" | "sold"

const DOTS_MAX = 100

/** How many units one dot stands for: one, for up to a hundred units. */
export function unitsPerDot(total: number): number {
  return Math.max(1, Math.ceil(total / DOTS_MAX))
}

/**
 * The stock as a field of dots. They go out in a random order rather than in a row. The item's sku fixes that order, so
 * that two pages show the same field.
 */
export function dotsOf({ sku, total, free, held }: Item): StockDot[] {
  const perDot = unitsPerDot(total)
  const count = Math.ceil(total / perDot)
  // Rounded up, so that the last unit still has its dot.
  const freeDots = Math.min(count, Math.ceil(free / perDot))
  const heldDots = Math.min(count - freeDots, Math.ceil(held / perDot))
  const dots: StockDot[] = Array.from({ length: count }, () => "sold")
  shuffled(count, sku).forEach((place, rank) => {
    if (rank < freeDots) dots[place] = "free"
    else if (rank < freeDots + heldDots) dots[place] = "held"
  })
  return dots
}

/** The numbers below `size` in an order that only `seed` decides. */
function shuffled(size: number, seed: string): number[] {
  let state =
    [...seed].reduce((hash, letter) => Math.imul(hash ^ letter.charCodeAt(0), 16_777_619), 2_166_136_261) >>> 0
  const numbers = Array.from({ length: size }, (_, number) => number)
  for (let last = size - 1; last > 0; last--) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    const other = Math.floor((state / 2 ** 32) * (last + 1))
    const [taken = 0] = numbers.splice(other, 1, numbers[last] ?? 0)
    numbers[last] = taken
  }
  return numbers
}
