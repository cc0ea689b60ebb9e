import { signal } from "@preact/signals"
import type { AuditReport, Order, Sale, Session } from "../../../wire/wire.ts"
import { ask } from "../../common/api.ts"
import { backoff, pause } from "../../common/timers.ts"
import { serverTime } from "../../common/clock.ts"
import { admin, ofSale } from "./admin-request.ts"
import { type Refusal, refusalOf } from "./action-error.ts"
import { audit, chooseSale, sales } from "./state.ts"

export const BOTS_MAX = 1_000
/** A browser lends one origin six connections; the room itself needs two of them. */
const LANES = 4
const TRIES_MAX = 12

/** A practice attack: this browser buys as many customers would, each with a session and a key of their own. */
export interface Rehearsal {
  saleId: string
  units: number
  bots: number
  sold: number
  refused: number
  unknown: number
  /** Milliseconds from each customer's first attempt to the last answer. */
  times: readonly number[]
  nodes: Readonly<Record<string, number>>
  state: "running" | "auditing" | "done"
  /** Once done: the audit finds nothing, and as many were sold as could be. */
  ok?: boolean
}

export const rehearsal = signal<Rehearsal | undefined>(undefined)

let stopped = false

export function stopRehearsal(): void {
  stopped = true
}

/** Resolves when the bots have begun; they go on by themselves. */
export async function rehearse(units: number, bots: number, name: string): Promise<Refusal> {
  const id = `practice-${Math.round(serverTime()).toString(36)}`
  const price = { amount: 100, currency: "USD" }
  const answer = await admin<Sale>("/sales", {
    method: "POST",
    json: {
      ...{ id, name, description: "", checkout: "instant", limitPerCustomer: 1 },
      opensAt: new Date(serverTime() - 1000).toISOString(),
      items: [{ sku: "practice", name, price, total: units }],
    },
  })
  if (!answer.body) return refusalOf(answer)
  sales.value = [...sales.value, answer.body]
  chooseSale(id)
  stopped = false
  rehearsal.value = { saleId: id, units, bots, sold: 0, refused: 0, unknown: 0, times: [], nodes: {}, state: "running" }
  void run()
  return undefined
}

async function run(): Promise<void> {
  const { saleId, bots, units } = rehearsal.value!
  let begun = 0
  const lane = async () => {
    while (begun < bots && !stopped) {
      begun++
      await oneBot(saleId)
    }
  }
  await Promise.all(Array.from({ length: LANES }, lane))
  update({ state: "auditing" })
  await admin(ofSale(saleId, "/close"), { method: "POST" })
  const { body } = await admin<AuditReport>(ofSale(saleId, "/audit"), { timeoutMs: 60_000 })
  if (body) audit.value = body
  const { sold, unknown } = rehearsal.value!
  update({ state: "done", ok: body?.ok === true && unknown === 0 && sold === Math.min(units, begun) })
}

/** Buys until the answer is certain, always under the same key. */
async function oneBot(saleId: string): Promise<void> {
  const started = performance.now()
  const key = crypto.randomUUID()
  let token: string | undefined
  for (let tries = 0; tries < TRIES_MAX; tries++) {
    token ??= (await ask<Session>("/api/v1/sessions", { method: "POST", anonymous: true })).body?.token
    const answer = token ? await buy(saleId, token, key) : undefined
    if (answer && answer.status !== 0 && answer.status < 500 && answer.status !== 429) {
      const { sold, refused, times, nodes } = rehearsal.value!
      update({
        ...(answer.body ? { sold: sold + 1 } : { refused: refused + 1 }),
        times: [...times, performance.now() - started],
        nodes: { ...nodes, [answer.node]: (nodes[answer.node] ?? 0) + 1 },
      })
      return
    }
    await pause(backoff(tries, answer?.retryAfterMs))
  }
  update({ unknown: rehearsal.value!.unknown + 1 })
}

function buy(saleId: string, token: string, key: string) {
  return ask<Order>(`/api/v1/sales/${saleId}/orders`, {
    method: "POST",
    json: { sku: "practice" },
    headers: { authorization: `Bearer ${token}`, "idempotency-key": key },
    anonymous: true,
  })
}

function update(change: Partial<Rehearsal>): void {
  rehearsal.value = { ...rehearsal.value!, ...change }
}

export function percentile(times: readonly number[], share: number): number | undefined {
  return times.toSorted((a, b) => a - b)[Math.max(0, Math.ceil(times.length * share) - 1)]
}
