import { randomBytes } from "node:crypto"
import { systemTime, type Time } from "../../runtime/time.ts"
import { visible } from "../../wire/text.ts"
import type { Item, Sale } from "../../wire/wire.ts"
import { AttackCounters } from "./counters.ts"
import { type Credentials, fileCredentials, signedCredentials } from "./credentials.ts"
import { HistoryWriter } from "./history-writer.ts"
import { BotConnection } from "./http/connection.ts"
import { parseTarget, purchaseRequests, type Target } from "./http/target.ts"
import type { AttackObserver, AttackProgress } from "./observer.ts"
import { type AttackOptions, type PartialOptions, withDefaults } from "./options.ts"
import { LoadSchedule } from "./pacing.ts"
import { makePurchase, type PurchaseContext } from "./purchase.ts"
import { type AttackReport, makeReport, stockFaults } from "./report/attack-report.ts"
import { undecidedFault } from "./report/decided.ts"
import { findItem, findSale, settledSale } from "./sale-reader.ts"
import { openSessions } from "./sessions.ts"

interface AttackPlan {
  settings: AttackOptions
  target: Target
  sale: Sale
  item: Item
  observer: AttackObserver
  time: Time
}

/** An attack that was ended early does not wait long for a server that may be gone. */
const ABORTED_PATIENCE_MS = 1_000

/**
 * Sends many buyers at once against a running system, and compares what they were told with the stock afterwards.
 * Throws `CliError` when it cannot begin.
 */
export async function attack(
  options: PartialOptions = {},
  observer: AttackObserver = {},
  time: Time = systemTime,
): Promise<AttackReport> {
  const settings = withDefaults(options)
  const target = parseTarget(settings.url, settings.ownSystem)
  const sale = await findSale(target, settings.sale)
  const plan: AttackPlan = { settings, target, sale, item: findItem(sale, settings.sku), observer, time }
  const run = randomBytes(4).toString("hex")
  const credentials = await credentialsFor(plan, run)
  const history = settings.history === undefined ? undefined : new HistoryWriter(settings.history)
  try {
    const context = contextOf(plan, { run, credentials, history })
    const seconds = await runSchedule(plan, context)
    return await conclude(plan, context.counters, seconds)
  } finally {
    history?.close()
  }
}

async function credentialsFor({ settings, target, time }: AttackPlan, run: string): Promise<Credentials> {
  const { secret, tokenSource, customerSecret, buyers } = settings
  if (secret !== undefined) return signedCredentials(secret, run, time)
  if (tokenSource !== undefined) return fileCredentials(tokenSource, buyers, customerSecret)
  return openSessions(target, settings, time)
}

function contextOf(
  { settings, target, sale, item, time }: AttackPlan,
  own: Pick<PurchaseContext, "run" | "credentials" | "history">,
): PurchaseContext {
  const { quantity, timeoutMs, patienceMs, signal } = settings
  const requestText = purchaseRequests(target, sale.id, item.sku, quantity)
  const counters = new AttackCounters(time)
  const limits = { timeoutMs, patienceMs, signal, time }
  return { ...own, ...limits, sale: sale.id, sku: item.sku, quantity, requestText, counters }
}

/** Makes all purchases of the schedule. Resolves to how many seconds that took. */
async function runSchedule(plan: AttackPlan, context: PurchaseContext): Promise<number> {
  const { settings, target, sale, item, observer, time } = plan
  const { counters } = context
  const start = time.monotonic()
  const schedule = new LoadSchedule(settings, time, start)
  const seconds = (): number => (time.monotonic() - start) / 1000
  const progress = (): AttackProgress => {
    return { seconds: seconds(), planned: schedule.planned, counters, item, sale: visible(sale.name) }
  }
  observer.started?.(progress)
  async function runBot(): Promise<void> {
    const connection = new BotConnection(target, settings.timeoutMs, time)
    try {
      for (let next = await schedule.next(); next; next = await schedule.next()) {
        await makePurchase(context, connection, next)
      }
    } catch (error) {
      schedule.stop()
      throw error
    } finally {
      connection.drop()
    }
  }
  // All bots are waited for, even if one fails, so that none writes to a history that is closed.
  const bots = Array.from({ length: Math.min(settings.concurrency, schedule.planned) }, runBot)
  const failed = (await Promise.allSettled(bots)).find(result => result.status === "rejected")
  if (failed) throw failed.reason
  remarkUnsent(plan, schedule)
  return seconds()
}

function remarkUnsent({ settings, observer }: AttackPlan, { planned, begun }: LoadSchedule): void {
  const unsent = planned - begun
  if (unsent === 0) return
  if (settings.signal?.aborted) {
    observer.remark?.(`Stopped early: ${begun} of ${planned} purchases were begun.`)
  } else if (settings.rate !== undefined) {
    observer.remark?.(`${unsent} of ${planned} scheduled purchases were not sent: the answers came too slowly.`)
  }
}

/** Compares the stock with what the bots were told. */
async function conclude(plan: AttackPlan, counters: AttackCounters, seconds: number): Promise<AttackReport> {
  const { settings, target, sale, item, observer, time } = plan
  const { buyers, quantity, signal } = settings
  const patienceMs = signal?.aborted ? ABORTED_PATIENCE_MS : settings.patienceMs
  const after = await settledSale(target, sale.id, counters.seq, patienceMs, time)
  const { confirmed, held } = counters
  const faults = after
    ? [...counters.faults, ...stockFaults(after, { sku: item.sku, quantity, confirmed, held, seconds })]
    : [...counters.faults, "The stock could not be read after the attack."]
  // An attack that was ended early owes no result.
  const undecided = signal?.aborted ? undefined : undecidedFault(counters)
  if (undecided) faults.push(undecided)
  for (const fault of faults) observer.fault?.(fault)
  if (counters.refused.has("unauthorized")) {
    observer.remark?.("Tokens were refused as unauthorized: --secret must be the system's own SESSION_SECRET.")
  }
  return makeReport(counters, buyers, seconds, after ? findItem(after, item.sku) : item, faults.length === 0)
}
