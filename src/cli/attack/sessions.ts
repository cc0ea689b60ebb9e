import { Session } from "../../wire/wire.ts"
import { CliError } from "../cli-error.ts"
import type { Credential, Credentials } from "./credentials.ts"
import { BotConnection } from "./http/bot-connection.ts"
import { ConnectionError } from "./http/connection.ts"
import { sessionRequest } from "./http/requests.ts"
import type { HttpResponse } from "./http/response-parser.ts"
import type { Target } from "./http/target.ts"
import { RetryBudget } from "./retry-budget.ts"

interface SessionOptions {
  buyers: number
  concurrency: number
  timeoutMs: number
  patienceMs: number
  signal?: AbortSignal
}

/** Opens one anonymous session per buyer, before the attack begins. */
export async function openSessions(address: Target, options: SessionOptions): Promise<Credentials> {
  const { buyers, concurrency, timeoutMs, signal } = options
  const credentials = new Array<Credential>(buyers)
  let next = 0
  async function lane(): Promise<void> {
    const line = new BotConnection(address, timeoutMs)
    try {
      while (next < buyers && !signal?.aborted) {
        const buyer = next++
        credentials[buyer] = await openSession(address, line, options)
      }
    } finally {
      line.drop()
    }
  }
  await Promise.all(Array.from({ length: Math.min(concurrency, buyers) }, lane))
  return buyer => credentials[buyer]!
}

async function openSession(address: Target, line: BotConnection, options: SessionOptions): Promise<Credential> {
  const { timeoutMs, patienceMs, signal } = options
  const patience = new RetryBudget(patienceMs, signal)
  for (;;) {
    const reply = await request(address, line, timeoutMs)
    if (reply?.status === 201) {
      const { customerId, token } = Session.parse(JSON.parse(reply.body))
      return { customer: customerId, token }
    }
    line.drop()
    const passing = !reply || reply.status === 429 || reply.status >= 500
    if (!passing || !(await patience.waitForRetry(reply?.retryAfterSeconds))) {
      throw new CliError(
        `${address.origin} opened no session for a buyer (${reply ? `status ${reply.status}` : "no answer"}).`,
      )
    }
  }
}

async function request(address: Target, line: BotConnection, timeoutMs: number): Promise<HttpResponse | undefined> {
  try {
    const connection = await line.connect()
    return await connection.send(sessionRequest(address), timeoutMs)
  } catch (error) {
    if (error instanceof ConnectionError) return undefined
    throw error
  }
}
