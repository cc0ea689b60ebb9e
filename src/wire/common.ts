import { z } from "zod"
import { isSeen } from "./text.ts"

const ID = /^[A-Za-z0-9_-]{1,64}$/
const Id = z.string().regex(ID, "must be 1 to 64 of A-Z a-z 0-9 _ -")

/** Whether `text` may name a sale, an item or a customer. */
export function isId(text: string): boolean {
  return ID.test(text)
}

const timeFault = (code: string) =>
  code === "invalid_format" ? "must be a time such as 2030-05-01T19:00:00Z" : undefined
export const Time = z.iso.datetime({ offset: true, error: ({ code }) => timeFault(code) })
const YEAR_10000 = Date.UTC(10_000, 0)
/** A time whose year can be written with four digits. */
export const TimeGiven = Time.refine(text => Date.parse(text) >= 0 && Date.parse(text) < YEAR_10000, {
  message: "must be in a year from 1970 to 9999",
})
/** The message says what would be right, whatever else is wrong with a number. */
export function whole(min: number, max: number) {
  const message = `must be a whole number from ${min} to ${max}`
  return z.number().int(message).min(min, message).max(max, message)
}
export const UNITS_MAX = 1_000_000_000
export const Units = whole(1, UNITS_MAX)
export const Count = z.number().int().min(0)
/** Text that every store can keep: PostgreSQL accepts neither NUL nor half of a surrogate pair. */
export const Text = z.string().refine(text => text.isWellFormed() && !text.includes("\0"), {
  message: "must be Unicode text without NUL",
})
export const Name = Text.max(200)
  .trim()
  .min(1)
  .refine(isSeen, { message: "must have no control characters and none that change the direction of text" })
/** A whole number in a query: digits only. */
export const Digits = z
  .string()
  .regex(/^[0-9]{1,16}$/, "must be a whole number")
  .transform(Number)

export const SaleId = Id.meta({ id: "SaleId", description: "Names a sale." })
export const Sku = Id.meta({ id: "Sku", description: "Names an item within its sale." })
export const CustomerId = Id.meta({ id: "CustomerId", description: "The `sub` of the buyer's token, or its HMAC." })
export const OrderId = z
  .string()
  .regex(/^[A-Z]{1,4}[1-9][0-9]{0,14}-[0-9A-Z]{4}$/)
  .meta({ id: "OrderId", description: "Names an order, such as `A7-4Q2M`." })
export const IdempotencyKey = Id.meta({ id: "IdempotencyKey", description: "Scoped to customer and sale." })

export const AdminToken = z
  .string()
  .min(1)
  .max(1000)
  .meta({ id: "AdminToken", description: "The administrator's token." })

export const Money = z
  .strictObject({
    amount: whole(0, Number.MAX_SAFE_INTEGER),
    currency: z.string().regex(/^[A-Z]{3}$/, "must be three letters, such as EUR"),
  })
  .meta({
    id: "Money",
    description: "An amount in minor units of an ISO 4217 currency: 2574900000 IDR is Rp 25.749.000.",
  })

export const Problem = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.number().int(),
    detail: z.string(),
    code: z.string().meta({ description: "The outcome word." }),
    reason: z.string().optional().meta({ description: "Why a token was refused, in one word." }),
    path: z.string().optional().meta({ description: "Where the request is wrong." }),
    seq: Count.optional().meta({ description: "The sale's last fact when this was decided." }),
    free: Count.optional(),
    opensAt: Time.optional(),
    orderId: OrderId.optional(),
  })
  .meta({ id: "Problem", description: "RFC 9457 problem details." })

export type Money = z.infer<typeof Money>
export type Problem = z.infer<typeof Problem>
