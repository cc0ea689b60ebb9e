import type { Time } from "../../runtime/time.ts"
import { Session } from "../../wire/wire.ts"
import { CliError } from "../cli-error.ts"
import { type BuyerCredential, type Credentials, listedCredentials } from "./credentials.ts"
import { BotConnection, ConnectionError } from "./http/connection.ts"
import type { HttpResponse } from "./http/response-parser.ts"
import { sessionRequest, type Target } from "./http/target.ts"
import { RetryBudget } from "./pacing.ts"

interface SessionOptions {
  buyers: number
  concurrency: number
  timeoutMs: number
  patienceMs: number
  signal?: AbortSignal | undefined
}

/**
 * Opens one anonymous session per buyer. Throws `CliError` when the system opens none. When `signal` is aborted it
 * returns early with the sessions opened so far: no purchase begins after that.
 */
export async function openSessions(target: Target, options: SessionOptions, time: Time): Promise<Credentials> {
  const { buyers, concurrency, timeoutMs, signal } = options
  const credentials: BuyerCredential[] = []
  let next = 0
  async function openInTurn(): Promise<void> {
    const connection = new BotConnection(target, timeoutMs, time)
    try {
      while (next < buyers && !signal?.aborted) {
        const buyer = next++
        const credential = await openSession(target, connection, options, time)
        if (credential) credentials[buyer] = credential
      }
    } finally {
      connection.drop()
    }
  }
  await Promise.all(Array.from({ length: Math.min(concurrency, buyers) }, openInTurn))
  return listedCredentials(credentials)
}

async function openSession(
  target: Target,
  connection: BotConnection,
  { timeoutMs, patienceMs, signal }: SessionOptions,
  time: Time,
): Promise<BuyerCredential | undefined> {
  const retries = new RetryBudget({ forMs: patienceMs, signal, time })
  for (;;) {
    const response = await request(target, connection, timeoutMs)
    if (response?.status === 201) {
      const { customerId, token } = Session.parse(JSON.parse(response.body))
      return { customer: customerId, token }
    }
    connection.drop()
    const isTemporary = !response || response.status === 429 || response.status >= 500
    if (isTemporary && (await retries.waitForRetry(response?.retryAfterSeconds))) continue
    if (signal?.aborted) return undefined
    const reason = response ? `status ${response.status}` : "no answer"
    throw new CliError(`${target.origin} opened no session for a buyer (${reason}).`)
  }
}

async function request(target: Target, bot: BotConnection, timeoutMs: number): Promise<HttpResponse | undefined> {
  try {
    const connection = await bot.connect()
    return await connection.send(sessionRequest(target), timeoutMs)
  } catch (error) {
    if (error instanceof ConnectionError) return undefined
    throw error
  }
}
