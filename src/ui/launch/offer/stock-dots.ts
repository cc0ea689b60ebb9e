import type { Item } from "../../../wire/wire.ts"

export type StockDot = "free" | "held" | "sold"

const DOTS_MAX = 100

/** How many units one light stands for: one, up to a hundred units. */
export function unitsPerDot(total: number): number {
  return Math.max(1, Math.ceil(total / DOTS_MAX))
}

/**
 * The stock as a field of lights. They go out here and there rather than in a row, always in the same order, so that
 * two pages side by side show the same field.
 */
export function dotsOf({ sku, total, free, held }: Item): StockDot[] {
  const per = unitsPerDot(total)
  const lights = Math.ceil(total / per)
  // Rounded up, so that the last unit still has its light.
  const lit = Math.min(lights, Math.ceil(free / per))
  const amber = Math.min(lights - lit, Math.ceil(held / per))
  const field: StockDot[] = Array.from({ length: lights }, () => "sold")
  shuffled(lights, sku).forEach((place, rank) => {
    if (rank < lit) field[place] = "free"
    else if (rank < lit + amber) field[place] = "held"
  })
  return field
}

/** The numbers below `size` in an order that only `seed` decides. */
function shuffled(size: number, seed: string): number[] {
  let state =
    [...seed].reduce((hash, letter) => Math.imul(hash ^ letter.charCodeAt(0), 16_777_619), 2_166_136_261) >>> 0
  const places = Array.from({ length: size }, (_, place) => place)
  for (let last = size - 1; last > 0; last--) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    const other = Math.floor((state / 2 ** 32) * (last + 1))
    ;[places[last], places[other]] = [places[other]!, places[last]!]
  }
  return places
}
