import { build } from "hdr-histogram-js"
import { Session } from "../../../wire/wire.ts"
import { exchange, fresh, jsonRequest, repeat, type Scene } from "./persona.ts"

/** Honest buyers per second. Few, so that only the attack can make them slow. */
const BUYERS_PER_SECOND = 20

/** What honest buyers met. */
export interface Experience {
  answered: number
  /** Milliseconds from the request to the answer, of purchases. */
  p50: number
  p99: number
  /** What no honest buyer should be answered, and how often: `429`, `503`, `no answer`. */
  faults: Record<string, number>
}

/** Buyers who each open a session and buy once, over a connection of their own, until the signal is aborted. */
export async function honestBuyers(scene: Scene): Promise<Experience> {
  const { target, sale, item, time } = scene
  const latency = build({
    lowestDiscernibleValue: 1,
    highestTrackableValue: 60_000_000,
    numberOfSignificantValueDigits: 3,
  })
  const faults: Record<string, number> = {}
  let answered = 0
  const judge = (status: number | undefined): void => {
    const isFault = status === undefined || status === 429 || status >= 500
    const name = String(status ?? "no answer")
    if (isFault) faults[name] = (faults[name] ?? 0) + 1
  }
  const buy = async (): Promise<void> => {
    const opened = await exchange(target, jsonRequest(target, "POST", "/api/v1/sessions"), scene)
    judge(opened?.status)
    if (opened?.status !== 201) return
    const { token } = Session.parse(JSON.parse(opened.body))
    const headers = [`Authorization: Bearer ${token}`, `Idempotency-Key: ${fresh()}`]
    const text = jsonRequest(target, "POST", `/api/v1/sales/${sale.id}/orders`, { sku: item.sku }, ...headers)
    const started = time.monotonic()
    const answer = await exchange(target, text, scene)
    latency.recordValue(Math.round((time.monotonic() - started) * 1000))
    judge(answer?.status)
    if (answer) answered++
  }
  const buying: Promise<void>[] = []
  // Open loop: a buyer does not wait for the one before.
  await repeat({ ...scene, rate: BUYERS_PER_SECOND }, async () => void buying.push(buy()))
  await Promise.all(buying)
  return {
    answered,
    p50: latency.getValueAtPercentile(50) / 1000,
    p99: latency.getValueAtPercentile(99) / 1000,
    faults,
  }
}
