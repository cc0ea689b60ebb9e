import { moneyText } from "../../wire/given.ts"
import type { Sale } from "../../wire/wire.ts"

/** A sale in one line, with its prices in words. */
export function summary({ state, opensAt, items }: Sale): string {
  const stock = items.map(
    ({ sku, price, total, free, held, sold }) =>
      `${sku} at ${moneyText(price)}: ${free} free, ${held} held, ${sold} sold of ${total}`,
  )
  return `${state}${state === "scheduled" ? ` until ${opensAt}` : ""}; ${stock.join("; ")}`
}
