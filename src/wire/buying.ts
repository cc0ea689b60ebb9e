import { z } from "zod"
import { Count, CustomerId, Money, OrderId, SaleId, Sku, Time } from "./common.ts"

const Item = z.object({
  sku: Sku,
  name: z.string(),
  price: Money,
  listPrice: Money.optional(),
  total: Count,
  free: Count,
  held: Count,
  sold: Count,
})

export const Sale = z
  .object({
    id: SaleId,
    name: z.string(),
    description: z.string(),
    state: z.enum(["scheduled", "open", "paused", "closed"]),
    opensAt: Time,
    closesAt: Time.optional(),
    checkout: z.enum(["instant", "hold"]),
    holdSeconds: z.number().int().optional(),
    limitPerCustomer: z.number().int(),
    maxReleases: z
      .number()
      .int()
      .optional()
      .meta({ description: "After so many releases a customer gets no further order; 20 if absent." }),
    cooldownSeconds: z.number().int().optional().meta({ description: "The wait after a release; 0 if absent." }),
    now: Time.meta({ description: "The server's clock when this was written." }),
    seq: Count.meta({ description: "The last fact that this reflects." }),
    version: Count.default(0).meta({ description: "Rises with each change by an administrator; `If-Match` takes it." }),
    soldOutAt: Time.optional().meta({ description: "When the last unit went, once none is left." }),
    items: z.array(Item),
  })
  .meta({ id: "Sale" })

export const Order = z
  .object({
    id: OrderId,
    saleId: SaleId,
    sku: Sku,
    quantity: z.number().int(),
    unitPrice: Money,
    state: z.enum(["held", "confirmed", "released"]),
    releaseReason: z.enum(["cancelled", "expired", "payment_failed"]).optional(),
    customerId: CustomerId,
    createdAt: Time,
    payBefore: Time.optional(),
    seq: Count.meta({ description: "The fact that brought the order into this state." }),
  })
  .meta({ id: "Order" })

export const Session = z.object({ token: z.string(), customerId: CustomerId, expiresAt: Time }).meta({ id: "Session" })

export const SaleList = z
  .object({
    sales: z.array(Sale),
    next: Count.optional().meta({ description: "The following page's `after`; absent on the last page." }),
  })
  .meta({ id: "SaleList" })

export const QUANTITY_MAX = 1000
/** Every purchase is checked against it: `parsePurchase` of ../http/purchase/purchase-body.ts does so faster. */
export const PurchaseRequest = z
  .strictObject({ sku: Sku, quantity: z.number().int().min(1).max(QUANTITY_MAX).default(1) })
  .meta({ id: "PurchaseRequest" })

export type Item = z.infer<typeof Item>
export type Sale = z.infer<typeof Sale>
export type Order = z.infer<typeof Order>
export type SaleList = z.infer<typeof SaleList>
export type Session = z.infer<typeof Session>
export type PurchaseRequest = z.infer<typeof PurchaseRequest>
