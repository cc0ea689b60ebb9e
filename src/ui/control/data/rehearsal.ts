import { signal } from "@preact/signals"
import type { AuditReport, Order, Sale, Session } from "../../../wire/wire.ts"
import { request } from "../../common/api.ts"
import { backoffMs, serverTime, sleep } from "../../common/time.ts"
import { type ActionError, adminRequest, errorOf, salePath } from "./admin-request.ts"
import { audit, chooseSale, sales } from "./state.ts"

export const BOTS_MAX = 1_000
/** A browser allows six connections per origin, and the control room itself needs two of them. */
const CONCURRENT_BOTS = 4
const TRIES_MAX = 12

/** A rehearsal of a launch: this browser buys as many customers, each with its own session and idempotency key. */
export interface Rehearsal {
  saleId: string
  units: number
  bots: number
  sold: number
  refused: number
  unknown: number
  /** Milliseconds from each customer's first attempt to the final response. */
  times: readonly number[]
  nodes: Readonly<Record<string, number>>
  state: "running" | "auditing" | "done"
  /** Set when done: true if the audit passed and every unit that could be sold was sold. */
  ok?: boolean
}

export const rehearsal = signal<Rehearsal | undefined>(undefined)

let stopped = false

export function stopRehearsal(): void {
  stopped = true
}

/** Creates the practice sale and starts the bots. Resolves as soon as they have started. */
export async function rehearse(units: number, bots: number, name: string): Promise<ActionError | undefined> {
  const id = `practice-${Math.round(serverTime()).toString(36)}`
  const price = { amount: 100, currency: "USD" }
  const response = await adminRequest<Sale>("/sales", {
    method: "POST",
    json: {
      ...{ id, name, description: "", checkout: "instant", limitPerCustomer: 1 },
      opensAt: "now",
      items: [{ sku: "practice", name, price, total: units }],
    },
  })
  if (!response.body) return errorOf(response)
  sales.value = [...sales.value, response.body]
  chooseSale(id)
  stopped = false
  rehearsal.value = { saleId: id, units, bots, sold: 0, refused: 0, unknown: 0, times: [], nodes: {}, state: "running" }
  void run(id, units, bots)
  return undefined
}

async function run(saleId: string, units: number, bots: number): Promise<void> {
  let started = 0
  const runBots = async () => {
    while (started < bots && !stopped) {
      started++
      await runBot(saleId)
    }
  }
  await Promise.all(Array.from({ length: CONCURRENT_BOTS }, runBots))
  update(() => ({ state: "auditing" }))
  await adminRequest(salePath(saleId, "/close"), { method: "POST" })
  const { body } = await adminRequest<AuditReport>(salePath(saleId, "/audit"), { timeoutMs: 60_000 })
  if (body) audit.value = body
  update(({ sold, unknown }) => ({
    state: "done",
    ok: body?.ok === true && unknown === 0 && sold === Math.min(units, started),
  }))
}

/** Tries to buy one unit, with the same key each time, until the response is final. */
async function runBot(saleId: string): Promise<void> {
  const started = performance.now()
  const key = crypto.randomUUID()
  let token: string | undefined
  for (let tries = 0; tries < TRIES_MAX; tries++) {
    token ??= (await request<Session>("/api/v1/sessions", { method: "POST", anonymous: true })).body?.token
    const response = token ? await buy(saleId, token, key) : undefined
    if (response && response.status !== 0 && response.status < 500 && response.status !== 429) {
      update(({ sold, refused, times, nodes }) => ({
        ...(response.body ? { sold: sold + 1 } : { refused: refused + 1 }),
        times: [...times, performance.now() - started],
        nodes: { ...nodes, [response.node]: (nodes[response.node] ?? 0) + 1 },
      }))
      return
    }
    await sleep(backoffMs(tries, response?.retryAfterMs))
  }
  update(({ unknown }) => ({ unknown: unknown + 1 }))
}

function buy(saleId: string, token: string, key: string) {
  return request<Order>(`/api/v1/sales/${saleId}/orders`, {
    method: "POST",
    json: { sku: "practice" },
    headers: { authorization: `Bearer ${token}`, "idempotency-key": key },
    anonymous: true,
  })
}

function update(change: (now: Rehearsal) => Partial<Rehearsal>): void {
  const now = rehearsal.value
  if (now) rehearsal.value = { ...now, ...change(now) }
}

export function percentile(times: readonly number[], share: number): number | undefined {
  return times.toSorted((a, b) => a - b)[Math.max(0, Math.ceil(times.length * share) - 1)]
}
