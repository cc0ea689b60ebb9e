import fc from "fast-check"
import type { ReleaseReason } from "../../../src/core/order.ts"
import type { NewSale } from "../../../src/core/sale.ts"
import { newItem, newSale, OPENS } from "../stores/shop.ts"

/** Random commands. They name orders by number, because the orders do not exist yet. */
export type Wish =
  | { kind: "reserve"; saleId: string; sku: string; customer: string; key: string; quantity: number; late: boolean }
  | { kind: "confirm"; nth: number; by: Asker }
  | { kind: "release"; nth: number; by: Asker; reason: ReleaseReason }
  | { kind: "create"; sale: NewSale }
  | { kind: "amend"; saleId: string; terms: object }
  | { kind: "pause" | "resume" | "close"; saleId: string }
  | { kind: "restock"; saleId: string; sku: string; units: number }

type Asker = "the buyer" | "an administrator" | "a stranger"

/** The `calls` are concurrent. The clock may go back a little: a larger step is a fault, which the contract tests. */
export type Step = { kind: "calls"; calls: Wish[][] } | { kind: "wait"; millis: number } | { kind: "restart" }

/** Every sequence begins with these. */
export const SALES: NewSale[] = [
  newSale({ id: "rush", total: 6 }),
  newSale({
    id: "basket",
    items: [newItem("shirt", 5), newItem("cap", 3)],
    holdSeconds: 30,
    limitPerCustomer: 3,
    maxReleases: 4,
    cooldownSeconds: 2,
  }),
  newSale({ id: "later", total: 4, holdSeconds: 10, opensAt: OPENS + 15_000, closesAt: OPENS + 90_000 }),
]

const pick = fc.constantFrom
const upTo = (max: number) => fc.integer({ min: 0, max })
const saleId = pick("rush", "basket", "later", "extra", "none")
const sku = pick("shoe", "shirt", "cap")
const asker = pick<Asker[]>("the buyer", "the buyer", "an administrator", "a stranger")

/** Mostly an item that the sale has; keys are few, so that they meet again with the same and with other payloads. */
const reserve = fc
  .record({
    item: fc.oneof(
      { weight: 20, arbitrary: pick("rush shoe", "basket shirt", "basket cap", "later shoe") },
      { weight: 2, arbitrary: pick("extra shoe", "rush cap", "none shoe") },
    ),
    customer: upTo(7).map(number => `cust-${number}`),
    key: pick("k0", "k0", "k1", "k2", "k3"),
    quantity: pick(1, 1, 1, 1, 1, 1, 2, 2, 3, 0),
    late: upTo(19).map(number => number === 0),
  })
  .map(({ item, ...rest }): Wish => {
    const [saleId = "", sku = ""] = item.split(" ")
    return { kind: "reserve", saleId, sku, ...rest }
  })

const terms = fc.oneof(
  upTo(4).map(limitPerCustomer => ({ limitPerCustomer })),
  pick(1, 2, 3, null).map(maxReleases => ({ maxReleases })),
  pick(0, 5, null).map(cooldownSeconds => ({ cooldownSeconds })),
  pick(5, 20, 40, null).map(holdSeconds => ({ holdSeconds })),
  pick(50_000, 200_000, null).map(after => ({ closesAt: after && OPENS + after })),
  pick(0, 1000, 60_000).map(after => ({ opensAt: OPENS + after })),
  fc.string({ maxLength: 8 }).map(description => ({ description })),
)

const wish: fc.Arbitrary<Wish> = fc.oneof(
  { weight: 24, arbitrary: reserve },
  { weight: 6, arbitrary: fc.record({ kind: pick("confirm" as const), nth: fc.nat(), by: asker }) },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: pick("release" as const),
      nth: fc.nat(),
      by: asker,
      reason: pick<ReleaseReason[]>("cancelled", "payment_failed"),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: pick("restock" as const), saleId, sku, units: pick(1, 2, 3, 0) }) },
  { weight: 1, arbitrary: fc.record({ kind: pick("amend" as const), saleId, terms }) },
  { weight: 1, arbitrary: fc.record({ kind: pick("pause" as const, "resume" as const, "resume" as const), saleId }) },
  {
    weight: 1,
    arbitrary: pick({ kind: "close" as const, saleId: "extra" }, { kind: "close" as const, saleId: "none" }),
  },
  {
    weight: 1,
    arbitrary: pick("extra", "extra", "rush", "later").map(
      (id): Wish => ({ kind: "create", sale: newSale({ id, total: 2, limitPerCustomer: 2 }) }),
    ),
  },
)

const calls = fc.array(fc.array(wish, { maxLength: 12, size: "max" }), { minLength: 1, maxLength: 4, size: "max" })

export const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    { weight: 12, arbitrary: fc.record({ kind: pick("calls" as const), calls }) },
    {
      weight: 5,
      arbitrary: pick(1, 999, 1000, 5000, 10_000, 30_000, -1, -500).map((millis): Step => ({ kind: "wait", millis })),
    },
    { weight: 1, arbitrary: pick<Step[]>({ kind: "restart" }) },
  ),
  { minLength: 1, maxLength: 50, size: "max" },
)
