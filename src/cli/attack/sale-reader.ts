import { type Item, Sale, SaleId, SaleList } from "../../wire/wire.ts"
import { CliError } from "../cli-error.ts"
import { BotConnection } from "./http/bot-connection.ts"
import { getRequest } from "./http/requests.ts"
import type { HttpResponse } from "./http/response-parser.ts"
import type { Target } from "./http/target.ts"
import { RetryBudget, sleep } from "./retry-budget.ts"

const TIMEOUT_MS = 5_000
/** A replica may show a sale's stock a little late; beyond this something is wrong. */
const SETTLE_MS = 5_000
const SETTLE_STEP_MS = 50

/** The sale to attack: the one named, or the first that is open. */
export async function findSale(address: Target, id?: string): Promise<Sale> {
  const line = new BotConnection(address, TIMEOUT_MS)
  try {
    if (id !== undefined) return await readSale(line, address, id)
    const { sales } = SaleList.parse(parse(await get(line, address, "/api/v1/sales"), address))
    const open = sales.find(sale => sale.state === "open")
    if (!open) throw new CliError(`No sale is open at ${address.origin}: name one with --sale.`)
    return open
  } finally {
    line.drop()
  }
}

/** The item to attack: the one named, or the sale's first. */
export function findItem(sale: Sale, sku?: string): Item {
  const item = sku === undefined ? sale.items[0] : sale.items.find(candidate => candidate.sku === sku)
  if (!item) throw new CliError(`Sale "${sale.id}" has no item "${sku ?? ""}".`)
  return item
}

/** The sale once it shows every fact that the bots were told of; undefined if it cannot be read within `patienceMs`. */
export async function settledSale(
  address: Target,
  id: string,
  seq: number,
  patienceMs: number,
): Promise<Sale | undefined> {
  const line = new BotConnection(address, TIMEOUT_MS)
  const patience = new RetryBudget(patienceMs)
  const until = performance.now() + SETTLE_MS
  try {
    for (;;) {
      const sale = await readSale(line, address, id).catch(() => undefined)
      if (sale && (sale.seq >= seq || performance.now() > until)) return sale
      line.drop()
      if (sale) await sleep(SETTLE_STEP_MS)
      else if (!(await patience.waitForRetry())) return undefined
    }
  } finally {
    line.drop()
  }
}

async function readSale(line: BotConnection, address: Target, id: string): Promise<Sale> {
  const unknown = new CliError(`There is no sale "${id}" at ${address.origin}.`)
  if (!SaleId.safeParse(id).success) throw unknown
  const reply = await get(line, address, `/api/v1/sales/${id}`)
  if (reply.status === 404) throw unknown
  return Sale.parse(parse(reply, address))
}

async function get(line: BotConnection, address: Target, path: string): Promise<HttpResponse> {
  try {
    const connection = await line.connect()
    return await connection.send(getRequest(address, path), TIMEOUT_MS)
  } catch {
    throw new CliError(`No server answers at ${address.origin}: start one with "npm start".`)
  }
}

function parse({ status, body }: HttpResponse, { origin }: Target): unknown {
  try {
    if (status === 200) return JSON.parse(body)
  } catch {
    // Falls through: a body that is not JSON is as wrong as another status.
  }
  throw new CliError(`${origin} answered ${status} in a way that no Doorbuster server does.`)
}
