import { z } from "zod"
import { Order } from "./buying.ts"
import { Count, CustomerId, Digits, IdempotencyKey, Money, OrderId, SaleId, Sku, Time } from "./common.ts"
import { Role } from "./credentials.ts"

/** Asks for one page of a list: at most `limit` entries that follow `after`. */
export const PageQuery = z.strictObject({
  after: Digits.pipe(Count).default(0),
  limit: Digits.pipe(z.number().int().min(1).max(1000)).default(100),
})

export const OrderPage = z
  .object({
    orders: z.array(Order),
    next: Count.optional().meta({ description: "The following page's `after`; absent on the last page." }),
  })
  .meta({ id: "OrderPage" })

export const Fact = z
  .object({
    saleId: SaleId,
    seq: Count,
    at: z.number().int().meta({ description: "Milliseconds since 1970 in UTC, as they are hashed." }),
    kind: z.string().meta({
      description:
        "`created`, `amended`, `paused`, `resumed`, `closed`, `stocked`, `held`, `confirmed`, `released`; more may follow.",
    }),
    sku: Sku.optional(),
    orderId: OrderId.optional(),
    customerId: CustomerId.optional(),
    key: IdempotencyKey.optional(),
    quantity: z.number().int().optional(),
    unitPrice: Money.optional(),
    payBefore: z.number().int().optional(),
    reason: z.string().optional().meta({ description: "`cancelled`, `expired`, `payment_failed`; more may follow." }),
    free: z.number().int().optional(),
    held: z.number().int().optional(),
    sold: z.number().int().optional(),
    terms: z.record(z.string(), z.unknown()).optional(),
    data: z.record(z.string(), z.unknown()).optional().meta({
      description: "What a kind says beyond these fields. Names are hashed in the order of their UTF-16 code units.",
    }),
    hash: z.string(),
  })
  .meta({ id: "Fact", description: "One transition of a sale: one line of its journal." })

export const FactPage = z.object({ facts: z.array(Fact), next: Count.optional() }).meta({ id: "FactPage" })

const SealedPage = z
  .object({
    firstSeq: Count,
    lastSeq: Count,
    digests: z.array(z.string()).meta({ description: "SHA-256 of each of the page's facts alone." }),
    seal: z.string().meta({ description: "The seal as of the page's last fact." }),
  })
  .meta({ id: "SealedPage" })

export const SealQuery = z.strictObject({ after: Digits.pipe(Count).default(0) })

export const SealList = z
  .object({ pages: z.array(SealedPage), next: Count.optional().meta({ description: "As of other lists." }) })
  .meta({ id: "SealList" })

const Check = z.object({
  name: z.string(),
  ok: z.boolean(),
  detail: z.string(),
  skipped: z.boolean().optional().meta({ description: "True when there was nothing to check it with." }),
})

export const AuditReport = z
  .object({
    ok: z.boolean(),
    checks: z.array(Check),
    totals: z.object({ total: Count, free: Count, held: Count, sold: Count, orders: Count }),
  })
  .meta({ id: "AuditReport" })

export const Node = z
  .object({
    id: z.string(),
    pid: z.number().int().optional(),
    state: z.enum(["starting", "ready", "draining", "down"]),
    startedAt: Time,
    restarts: Count,
    requestsPerSecond: z.number(),
    memoryBytes: Count.optional(),
    lastExit: z.string().optional().meta({ description: "Why the previous process ended." }),
  })
  .meta({ id: "Node" })

export const Killed = z.object({ killed: z.string() }).meta({ id: "Killed" })

export const Drained = z.object({ drained: z.string() }).meta({ id: "Drained" })

export const NodeList = z
  .object({
    nodes: z.array(Node),
    hasDrills: z.boolean().meta({ description: "Whether nodes can be killed and drained from here." }),
  })
  .meta({ id: "NodeList" })

export const Action = z
  .object({
    at: Time,
    action: z.string().meta({ description: "An `operationId`." }),
    subject: z.string().optional().meta({ description: "The sale, item, order or node." }),
    status: z.number().int().optional().meta({ description: "The answer's; absent when entered as it began." }),
    by: z.string().optional().meta({ description: "The operator, or the shop's backend." }),
    address: z.string(),
    node: z.string(),
  })
  .meta({ id: "Action", description: "An action of an operator, or of a shop's backend." })

export const FailedSignIns = z
  .object({
    at: Time.meta({ description: "When the minute began." }),
    subnet: z.string().meta({ description: "An address, the first half of one of IPv6, or `others`." }),
    count: Count,
  })
  .meta({ id: "FailedSignIns", description: "Wrong administrators' tokens of one subnet in one minute." })

export const ActionList = z
  .object({ actions: z.array(Action), failedSignIns: z.array(FailedSignIns) })
  .meta({ id: "ActionList" })

export const SignInWays = z
  .object({ company: z.boolean().meta({ description: "Whether `/api/v1/admin/session/oidc` is there." }) })
  .meta({ id: "SignInWays" })

export const ControlSession = z
  .object({ expiresAt: Time.optional(), name: z.string().optional(), role: Role.optional() })
  .meta({ id: "ControlSession", description: "Who is signed in, and with a cookie until when." })

export type OrderPage = z.infer<typeof OrderPage>
export type Fact = z.infer<typeof Fact>
export type SealList = z.infer<typeof SealList>
export type FactPage = z.infer<typeof FactPage>
export type AuditReport = z.infer<typeof AuditReport>
export type Node = z.infer<typeof Node>
export type Action = z.infer<typeof Action>
export type ControlSession = z.infer<typeof ControlSession>
export type SignInWays = z.infer<typeof SignInWays>
export type FailedSignIns = z.infer<typeof FailedSignIns>
export type ActionList = z.infer<typeof ActionList>
export type NodeList = z.infer<typeof NodeList>
