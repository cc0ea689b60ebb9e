import { createClient } from "@redis/client"
import { InventoryFault } from "../../../core/ports/inventory.ts"
import type { Time } from "../../../runtime/time.ts"
import type { FunctionName, Library } from "../protocol/library.ts"
import type { Address, StoreCredentials, Tls } from "./address.ts"
import { CallSocket } from "./call-socket.ts"
import { faultOf, plain } from "./faults.ts"
import { assertSettings, runOf } from "./server-settings.ts"

/** A connection on which the server sends nothing for this long, not even a reply to a PING, is closed. A slow disk may take seconds. */
const SILENCE_MAX_MS = 4000
const PING_EVERY_MS = 1000
const CONNECT_MAX_MS = 2000
/** The most reads in flight on the socket on which the server tells of changes. */
const WATCHES_MAX = 20_000
/** How long replicas may take to acknowledge a write. */
const WAIT_MS = 1000
/** The longest that a single question to a Sentinel or a cluster node may take. */
const ASK_MAX_MS = 1000
export interface ConnectOptions {
  credentials: StoreCredentials
  tls: Tls
  library: Library
  /** How many replicas of the store must acknowledge a decision before it is answered. */
  acknowledgements: number
  time: Time
}

/**
 * One connection to one process of the store: a socket for calls, and one on which the server also tells of changes. It never
 * reconnects: when either breaks, the outcome of every call in flight is unknown, and no call is sent again.
 */
export class Connection {
  readonly ended: Promise<void>
  #end: () => void
  #cause = "the connection was closed"
  #isOpen = true
  #calls = 0
  #run = ""
  /** Called with each key that was read by `watch` and has changed since; without a key, all of them have. */
  onChange: (key?: string) => void = () => {}

  private constructor(
    private readonly calling: CallSocket,
    private readonly watching: WatchingClient,
    private readonly options: ConnectOptions,
    /** Whether the server tells of changes. Its ACL may forbid that. */
    readonly tells: boolean,
  ) {
    const { promise, resolve } = Promise.withResolvers<void>()
    this.ended = promise
    this.#end = resolve
  }

  /**
   * Resolves once the server's version, role and settings are checked and the functions are loaded. Rejects with an
   * `InventoryFault` of one sentence otherwise.
   */
  static async open(address: Address, options: ConnectOptions): Promise<Connection> {
    return await Connection.#open(address, options, true).catch((error: Error) => {
      if (!/client\|tracking/.test(error.message)) throw error
      return Connection.#open(address, options, false)
    })
  }

  static async #open({ host, port }: Address, options: ConnectOptions, tells: boolean): Promise<Connection> {
    const { credentials, tls, time } = options
    const limits = { connectMs: CONNECT_MAX_MS, silenceMs: SILENCE_MAX_MS }
    const calling = new CallSocket({ host, port }, { credentials, tls, time, ...limits })
    const watching = watchingClientOf({ host, port }, options, tells)
    const connection = new Connection(calling, watching, options, tells)
    calling.onEnd = cause => connection.drop(cause)
    watching.on("error", (error: Error) => connection.drop(plain(error)))
    watching.on("invalidate", (key: unknown) => connection.onChange(key === null ? undefined : String(key)))
    try {
      // This client tells why it cannot log in, so it comes first.
      await watching.connect()
      connection.#run = await assertSettings((...args) => watching.sendCommand(args))
      await calling.connect()
      await connection.#assertOneServer()
      await connection.load()
      return connection
    } catch (error) {
      connection.drop(plain(error as Error))
      throw refusalOf(error as Error, `${host}:${port}`)
    }
  }

  /** The run id of the server process. It changes when the server restarts. */
  get run(): string {
    return this.#run
  }

  get isOpen(): boolean {
    return this.#isOpen
  }

  /**
   * Calls a function. A number that no other call has is put in front of `args[0]`, and the reply must begin with it.
   * Resolves to the rest of the reply.
   */
  call(name: FunctionName, keys: readonly string[], args: readonly string[]): Promise<string[]> {
    return this.#fcall("FCALL", name, keys, args)
  }

  /** Calls a function that writes nothing. */
  read(name: FunctionName, keys: readonly string[], args: readonly string[]): Promise<string[]> {
    return this.#fcall("FCALL_RO", name, keys, args)
  }

  /** As `read`. If the server tells of changes, it will say once that a key of this read has changed. */
  watch(name: FunctionName, keys: readonly string[], args: readonly string[]): Promise<string[]> {
    return this.#fcall("FCALL_RO", name, keys, args, command => this.watching.sendCommand(command))
  }

  /** Any other command. */
  send(...args: string[]): Promise<unknown> {
    return this.#whileOpen(() => this.calling.send(args))
  }

  /** Loads the functions into the server, unless it has them. */
  async load(): Promise<void> {
    const { name, text } = this.options.library
    const [known] = (await this.send("FUNCTION", "LIST", "LIBRARYNAME", name, "WITHCODE")) as LibraryReply[]
    if (!known) {
      await this.send("FUNCTION", "LOAD", text).catch((error: Error) => {
        if (!/already exists/.test(error.message)) throw error
      })
      return
    }
    if (known.library_code === text) return
    throw new InventoryFault(
      `The store runs other functions under the name ${name}: LIBRARY_VERSION must be raised.`,
      true,
    )
  }

  drop(cause: string): void {
    if (!this.#isOpen) return
    this.#isOpen = false
    this.#cause = cause
    this.calling.close()
    // This client throws if it is destroyed after it has closed by itself.
    if (this.watching.isOpen) this.watching.destroy()
    this.#end()
  }

  /** The server that tells of changes must be the process that the calls go to, which a balancer could prevent. */
  async #assertOneServer(): Promise<void> {
    if (runOf(String(await this.send("INFO", "server"))) !== this.#run)
      throw new Error("two sockets lead to two servers")
  }

  /** Rejects with a certain fault if the connection is known to be gone: then nothing is sent. */
  #whileOpen(send: () => Promise<unknown>): Promise<unknown> {
    return this.#isOpen ? send() : Promise.reject(new InventoryFault(`The store is away: ${this.#cause}.`, true))
  }

  async #fcall(
    kind: string,
    name: FunctionName,
    keys: readonly string[],
    args: readonly string[],
    send = (command: string[]) => this.calling.send(command),
  ): Promise<string[]> {
    const nonce = String(++this.#calls)
    const [header = "", ...rest] = args
    const called = this.options.library.functionName(name)
    const command = [kind, called, String(keys.length), ...keys, nonce + header, ...rest]
    const acknowledged = kind === "FCALL" && this.options.acknowledgements > 0
    const replied = this.#whileOpen(() => send(command))
    // WAIT counts the replicas that have what this connection wrote, so it is sent on it right behind the call.
    const waited = acknowledged && this.send("WAIT", String(this.options.acknowledgements), String(WAIT_MS))
    const [reply, replicas] = (await Promise.all([replied, waited])) as [string[], number | false]
    if (reply[0] !== nonce) {
      this.drop("a reply was not to the call that it followed")
      throw new InventoryFault("The store's replies are out of step.", false)
    }
    if (replicas !== false && replicas < this.options.acknowledgements) {
      throw new InventoryFault(`Only ${replicas} replicas of the store have acknowledged.`, false)
    }
    return reply.slice(1)
  }
}

/** Sends one command over a connection of its own, and resolves to the reply. */
export async function askOnce(
  address: Address,
  { credentials, tls }: Pick<ConnectOptions, "credentials" | "tls">,
  ...command: string[]
): Promise<unknown> {
  const socket = socketOf(address, tls, ASK_MAX_MS, ASK_MAX_MS)
  const client = createClient({ RESP: 2, ...credentials, socket, maintNotifications: "disabled" })
  client.on("error", () => {})
  try {
    await client.connect()
    return await client.sendCommand(command)
  } finally {
    client.destroy()
  }
}

/** What the server says of a library, among other things. */
interface LibraryReply {
  library_code: string
}

type WatchingClient = ReturnType<typeof watchingClientOf>

/** Only the third version of the protocol has messages that are no replies. */
function watchingClientOf(address: Address, { credentials, tls }: ConnectOptions, emitInvalidate: boolean) {
  return createClient({
    RESP: 3,
    emitInvalidate,
    ...credentials,
    socket: socketOf(address, tls, CONNECT_MAX_MS, SILENCE_MAX_MS),
    disableOfflineQueue: true,
    commandsQueueMaxLength: WATCHES_MAX,
    pingInterval: PING_EVERY_MS,
    maintNotifications: "disabled",
  })
}

function socketOf({ host, port }: Address, tls: Tls, connectTimeout: number, socketTimeout: number) {
  const socket = { host, port, connectTimeout, socketTimeout, reconnectStrategy: false as const }
  return tls ? { ...socket, tls: true as const, rejectUnauthorized: true, ...(tls.ca && { ca: tls.ca }) } : socket
}

function refusalOf(error: Error, where: string): InventoryFault {
  if (error instanceof InventoryFault && error.certain) return error
  const fault = faultOf(error)
  const sentence = fault.message.startsWith("The store is away")
    ? `The store at ${where} cannot be reached: ${plain(error)}.`
    : fault.message
  return new InventoryFault(sentence, true)
}
