import { randomBytes } from "node:crypto"
import type { Item, Sale } from "../../wire/wire.ts"
import { AttackCounters } from "./counters.ts"
import { type Credentials, fileCredentials, signedCredentials } from "./credentials.ts"
import { HistoryWriter } from "./history-writer.ts"
import { BotConnection } from "./http/bot-connection.ts"
import { purchaseRequests } from "./http/requests.ts"
import { parseTarget, type Target } from "./http/target.ts"
import { LoadSchedule } from "./load-schedule.ts"
import type { AttackObserver, AttackProgress } from "./observer.ts"
import { type AttackOptions, withDefaults } from "./options.ts"
import { makePurchase, type PurchaseContext } from "./purchase.ts"
import { type AttackReport, makeReport, stockFaults } from "./report/attack-report.ts"
import { findItem, findSale, settledSale } from "./sale-reader.ts"
import { openSessions } from "./sessions.ts"

/** Who is attacked, how, and who watches. */
interface Plan {
  settings: AttackOptions
  address: Target
  sale: Sale
  item: Item
  observer: AttackObserver
}

/** After an early end nobody wants to wait for a server that may be gone. */
const ABORTED_PATIENCE_MS = 1_000

/**
 * Sends many buyers at once against a running system, and compares what they were told with the stock afterwards.
 * Throws `CliError` when it cannot begin.
 */
export async function attack(
  options: Partial<AttackOptions> = {},
  observer: AttackObserver = {},
): Promise<AttackReport> {
  const settings = withDefaults(options)
  const address = parseTarget(settings.url, settings.ownSystem)
  const sale = await findSale(address, settings.sale)
  const plan: Plan = { settings, address, sale, item: findItem(sale, settings.sku), observer }
  const run = randomBytes(4).toString("hex")
  const credentials = await credentialsFor(plan, run)
  const history = settings.history === undefined ? undefined : new HistoryWriter(settings.history)
  try {
    const campaign = campaignOf(plan, { run, credentials, history })
    const seconds = await fight(plan, campaign)
    return await conclude(plan, campaign.tally, seconds)
  } finally {
    history?.close()
  }
}

async function credentialsFor({ settings, address }: Plan, run: string): Promise<Credentials> {
  const { secret, tokenSource, buyers } = settings
  if (secret !== undefined) return signedCredentials(secret, run)
  if (tokenSource !== undefined) return fileCredentials(tokenSource, buyers)
  return openSessions(address, settings)
}

function campaignOf(plan: Plan, own: Pick<PurchaseContext, "run" | "credentials" | "history">): PurchaseContext {
  const { settings, address, sale, item } = plan
  const { quantity, timeoutMs, patienceMs, signal } = settings
  const requestText = purchaseRequests(address, sale.id, item.sku, quantity)
  const tally = new AttackCounters()
  return { ...own, sale: sale.id, sku: item.sku, quantity, requestText, tally, timeoutMs, patienceMs, signal }
}

/** Answers how many seconds it took. */
async function fight({ settings, address, sale, item, observer }: Plan, campaign: PurchaseContext): Promise<number> {
  const start = performance.now()
  const pace = new LoadSchedule(settings, start)
  const seconds = (): number => (performance.now() - start) / 1000
  const { tally } = campaign
  observer.started?.(
    (): AttackProgress => ({ seconds: seconds(), planned: pace.planned, counters: tally, item, sale: sale.name }),
  )
  async function lane(): Promise<void> {
    const line = new BotConnection(address, settings.timeoutMs)
    try {
      for (let next = await pace.next(); next; next = await pace.next()) await makePurchase(campaign, line, next)
    } catch (error) {
      pace.stop()
      throw error
    } finally {
      line.drop()
    }
  }
  // All are waited for, so that nobody writes to a history that is closed.
  const lanes = await Promise.allSettled(Array.from({ length: Math.min(settings.concurrency, pace.planned) }, lane))
  const failed = lanes.find(result => result.status === "rejected")
  if (failed) throw failed.reason
  const unsent = pace.planned - pace.begun
  if (settings.rate !== undefined && unsent > 0 && !settings.signal?.aborted) {
    observer.remark?.(`${unsent} of ${pace.planned} scheduled purchases were not sent: the answers came too slowly.`)
  }
  return seconds()
}

async function conclude(plan: Plan, tally: AttackCounters, seconds: number): Promise<AttackReport> {
  const { settings, address, sale, item, observer } = plan
  const { buyers, quantity, patienceMs, signal } = settings
  const after = await settledSale(address, sale.id, tally.seq, signal?.aborted ? ABORTED_PATIENCE_MS : patienceMs)
  const { confirmed, held } = tally
  const faults = after
    ? [...tally.faults, ...stockFaults(after, { sku: item.sku, quantity, confirmed, held, seconds })]
    : [...tally.faults, "The stock could not be read after the attack."]
  for (const fault of faults) observer.fault?.(fault)
  if (tally.refused.has("unauthorized")) {
    observer.remark?.("Tokens were refused as unauthorized: --secret must be the system's own SESSION_SECRET.")
  }
  return makeReport(tally, buyers, seconds, after ? findItem(after, item.sku) : item, faults.length === 0)
}
