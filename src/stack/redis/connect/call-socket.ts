import { ErrorReply } from "@redis/client"
import { RedisClient } from "bun"
import { InventoryFault } from "../../../core/ports/inventory.ts"
import type { Time } from "../../../runtime/time.ts"
import type { Address, StoreCredentials, Tls } from "./address.ts"

const PING_EVERY_MS = 1000
/** The most commands that may wait for their replies: about ten seconds of work. */
const COMMANDS_MAX = 20_000

export interface CallSocketOptions {
  credentials: StoreCredentials
  tls: Tls
  time: Time
  /** The longest time that connecting may take. */
  connectMs: number
  /** A server that sends nothing for this long while it owes a reply has gone. */
  silenceMs: number
}

/**
 * The socket for calls, by Bun's own client, which takes half the processor time of others. It neither reconnects nor keeps a
 * command for later. That client has no timeouts, so this class has them.
 */
export class CallSocket {
  /** Called once when the socket has closed. */
  onEnd: (cause: string) => void = () => {}
  readonly #client: RedisClient
  #owed = 0
  #heardAt = 0
  #check: Disposable | undefined
  #pings: Disposable | undefined

  constructor(
    address: Address,
    private readonly options: CallSocketOptions,
  ) {
    const { tls, connectMs } = options
    this.#client = new RedisClient(urlOf(address, options), {
      autoReconnect: false,
      maxRetries: 0,
      enableOfflineQueue: false,
      enableAutoPipelining: true,
      connectionTimeout: connectMs,
      ...(tls && { tls: { rejectUnauthorized: true, ...(tls.ca && { ca: tls.ca }) } }),
    })
    this.#client.onclose = error => this.onEnd(error.message)
  }

  async connect(): Promise<void> {
    await this.#client.connect()
    this.#pings = this.options.time.every(PING_EVERY_MS, () => this.#ping())
  }

  /**
   * Rejects with an `ErrorReply` if the server answers with an error, and with an `InventoryFault` if the command was not sent. After
   * any other rejection the outcome is unknown.
   */
  async send([name = "", ...args]: readonly string[]): Promise<unknown> {
    if (this.#owed >= COMMANDS_MAX) throw new InventoryFault("The store is away: too many calls wait for it.", true)
    this.#owed++
    this.#watch()
    try {
      return await this.#client.send(name, args)
    } catch (error) {
      const { code, message } = error as Error & { code?: string }
      throw code === "ERR_REDIS_SERVER_ERROR" ? new ErrorReply(message) : error
    } finally {
      this.#owed--
      this.#heardAt = this.options.time.monotonic()
    }
  }

  close(): void {
    this.#pings?.[Symbol.dispose]()
    this.#check?.[Symbol.dispose]()
    this.#client.close()
  }

  /** A server that has gone is noticed before the next call. */
  #ping(): void {
    if (this.#owed > 0 || this.options.time.monotonic() - this.#heardAt < PING_EVERY_MS) return
    this.send(["PING"]).catch(() => {})
  }

  /** One timer for all commands, and none while nothing is owed. */
  #watch(): void {
    if (this.#check) return
    const { time, silenceMs } = this.options
    this.#heardAt = time.monotonic()
    const look = (): void => {
      this.#check = undefined
      if (this.#owed === 0) return
      const left = this.#heardAt + silenceMs - time.monotonic()
      if (left <= 0) this.onEnd(`the server has sent nothing for ${silenceMs} ms`)
      else this.#check = time.after(left, look)
    }
    this.#check = time.after(silenceMs, look)
  }
}

function urlOf({ host, port }: Address, { credentials, tls }: CallSocketOptions): string {
  const { username = "", password = "" } = credentials
  const login = username || password ? `${encodeURIComponent(username)}:${encodeURIComponent(password)}@` : ""
  return `${tls ? "rediss" : "redis"}://${login}${host.includes(":") ? `[${host}]` : host}:${port}`
}
