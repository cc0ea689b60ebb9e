import { z } from "zod"
import { AdminToken, Money, Name, SaleId, Sku, Text, TimeGiven, UNITS_MAX, Units, whole } from "./common.ts"

const NewItem = z
  .strictObject({
    sku: Sku,
    name: Name,
    price: Money,
    listPrice: Money.optional(),
    total: whole(0, UNITS_MAX),
  })
  .refine(({ price, listPrice }) => listPrice === undefined || listPrice.currency === price.currency, {
    path: ["listPrice", "currency"],
    message: "must be the price's currency",
  })
  .refine(({ price, listPrice }) => listPrice === undefined || listPrice.amount >= price.amount, {
    path: ["listPrice"],
    message: "must not be below the price",
  })

const terms = {
  name: Name,
  description: Text.max(2000),
  opensAt: TimeGiven,
  closesAt: TimeGiven,
  holdSeconds: whole(5, 86_400),
  limitPerCustomer: whole(1, 1000),
  maxReleases: whole(1, 100).meta({
    description:
      "After so many orders of one customer were released, further attempts are `limit_reached`. 20 unless given.",
  }),
  cooldownSeconds: whole(0, 86_400).meta({
    description: "How long a customer waits for the next order after one was released. 0 unless given.",
  }),
}

/** `now` is the server's now, which a caller's clock cannot get wrong. */
const OpeningGiven = z.union([z.literal("now"), terms.opensAt], {
  error: issue =>
    issue.input === undefined ? undefined : "must be a time in RFC 3339 in a year from 1970 to 9999, or now",
})

export const NewSale = z
  .strictObject({
    id: SaleId,
    name: terms.name,
    description: terms.description.default(""),
    opensAt: OpeningGiven.default("now"),
    closesAt: terms.closesAt.optional(),
    checkout: z.enum(["instant", "hold"], "must be instant or hold").default("instant"),
    holdSeconds: terms.holdSeconds.optional(),
    limitPerCustomer: terms.limitPerCustomer.default(1),
    maxReleases: terms.maxReleases.optional(),
    cooldownSeconds: terms.cooldownSeconds.optional(),
    items: z.array(NewItem).min(1).max(50),
  })
  .refine(
    ({ opensAt, closesAt }) =>
      closesAt === undefined || opensAt === "now" || Date.parse(closesAt) > Date.parse(opensAt),
    { path: ["closesAt"], message: "must be after opensAt" },
  )
  .refine(sale => (sale.checkout === "hold") === (sale.holdSeconds !== undefined), {
    path: ["holdSeconds"],
    message: "must be given for a hold sale, and only there",
  })
  .refine(sale => new Set(sale.items.map(item => item.sku)).size === sale.items.length, {
    path: ["items"],
    message: "must not name a sku twice",
  })
  .refine(sale => new Set(sale.items.map(item => item.price.currency)).size === 1, {
    path: ["items"],
    message: "must share one currency",
  })
  .meta({ id: "NewSale" })

export const SalePatch = z
  .strictObject({
    name: terms.name.optional(),
    description: terms.description.optional(),
    opensAt: OpeningGiven.optional(),
    closesAt: terms.closesAt.nullable().optional(),
    holdSeconds: terms.holdSeconds.optional(),
    limitPerCustomer: terms.limitPerCustomer.optional(),
    maxReleases: terms.maxReleases.optional(),
    cooldownSeconds: terms.cooldownSeconds.optional(),
  })
  .meta({ id: "SalePatch", description: "Absent terms stay unchanged; `closesAt: null` removes the end." })

export const RestockRequest = z.strictObject({ units: Units }).meta({ id: "RestockRequest" })

export const KillRequest = z.strictObject({ pid: z.number().int().min(1).optional() }).meta({ id: "KillRequest" })

export const ControlRequest = z.strictObject({ token: AdminToken }).meta({ id: "ControlRequest" })

export type NewSale = z.infer<typeof NewSale>
export type SalePatch = z.infer<typeof SalePatch>
