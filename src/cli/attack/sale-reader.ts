import { sleep, systemTime, type Time } from "../../runtime/time.ts"
import { type Item, Sale, SaleId, SaleList } from "../../wire/wire.ts"
import { CliError } from "../cli-error.ts"
import { BotConnection } from "./http/connection.ts"
import type { HttpResponse } from "./http/response-parser.ts"
import { getRequest, type Target } from "./http/target.ts"
import { RetryBudget } from "./pacing.ts"

const TIMEOUT_MS = 5_000
/** A replica may show a sale's stock slightly late. If it is later than this, something is wrong. */
const SETTLE_MS = 5_000
const SETTLE_STEP_MS = 50

/** The sale with this id, or the first open one. Throws `CliError` when there is none. */
export async function findSale(target: Target, id?: string): Promise<Sale> {
  const connection = new BotConnection(target, TIMEOUT_MS)
  try {
    if (id !== undefined) return await readSale(connection, target, id)
    for (let path = "/api/v1/sales"; ; ) {
      const { sales, next } = SaleList.parse(bodyOf(await get(connection, target, path), target))
      const open = sales.find(sale => sale.state === "open")
      if (open) return open
      if (next === undefined) throw new CliError(`No sale is open at ${target.origin}: name one with --sale.`)
      path = `/api/v1/sales?after=${next}`
    }
  } finally {
    connection.drop()
  }
}

/** The item with this sku, or the sale's first. Throws `CliError` when there is none. */
export function findItem(sale: Sale, sku?: string): Item {
  const item = sku === undefined ? sale.items[0] : sale.items.find(candidate => candidate.sku === sku)
  if (!item) throw new CliError(`Sale "${sale.id}" has no item "${sku ?? ""}".`)
  return item
}

/**
 * Waits until the sale shows fact `seq`, the latest that a bot was told of, and returns it. Resolves to undefined when
 * the sale cannot be read within `patienceMs`.
 */
export async function settledSale(
  target: Target,
  id: string,
  seq: number,
  patienceMs: number,
  time: Time = systemTime,
): Promise<Sale | undefined> {
  const connection = new BotConnection(target, TIMEOUT_MS)
  const retries = new RetryBudget({ forMs: patienceMs, time })
  const until = time.monotonic() + SETTLE_MS
  try {
    for (;;) {
      const sale = await readSale(connection, target, id).catch(() => undefined)
      if (sale && (sale.seq >= seq || time.monotonic() > until)) return sale
      connection.drop()
      if (sale) await sleep(SETTLE_STEP_MS, undefined, time)
      else if (!(await retries.waitForRetry())) return undefined
    }
  } finally {
    connection.drop()
  }
}

async function readSale(connection: BotConnection, target: Target, id: string): Promise<Sale> {
  const notFound = new CliError(`There is no sale "${id}" at ${target.origin}.`)
  if (!SaleId.safeParse(id).success) throw notFound
  const response = await get(connection, target, `/api/v1/sales/${id}`)
  if (response.status === 404) throw notFound
  return Sale.parse(bodyOf(response, target))
}

async function get(bot: BotConnection, target: Target, path: string): Promise<HttpResponse> {
  try {
    const connection = await bot.connect()
    return await connection.send(getRequest(target, path), TIMEOUT_MS)
  } catch {
    throw new CliError(`No server answers at ${target.origin}: start one with "npm start".`)
  }
}

function bodyOf({ status, body }: HttpResponse, { origin }: Target): unknown {
  try {
    if (status === 200) return JSON.parse(body)
  } catch {
    // A body that is not JSON is as wrong as another status: both end in the error below.
  }
  throw new CliError(`${origin} answered ${status} in a way that no Doorbuster server does.`)
}
