import type { NewSale } from "../core/sale.ts"

const RUPIAH = "IDR"

/** The sale of an empty store, so that the first click buys something. It opens at `now`. */
export function demoSale(now: number): NewSale {
  return {
    id: "iphone-17-pro-max",
    name: "iPhone 17 Pro Max",
    description: "One hundred units. One each. First come, first served.",
    opensAt: now,
    checkout: "instant",
    limitPerCustomer: 1,
    items: [
      {
        sku: "iphone-17-pro-max",
        name: "iPhone 17 Pro Max",
        price: { amount: 2_574_900_000, currency: RUPIAH },
        listPrice: { amount: 3_299_900_000, currency: RUPIAH },
        total: 100,
      },
    ],
  }
}
