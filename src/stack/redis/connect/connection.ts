import { createClient, type RedisClientType } from "@redis/client"
import { InventoryFault } from "../../../core/ports/inventory.ts"
import type { FunctionName, Library } from "../protocol/library.ts"
import { faultOf, plain } from "./faults.ts"
import { assertSettings } from "./settings.ts"

/** The connection is dropped when the server has sent nothing for so long, not even a reply to a PING. A slow disk may take seconds. */
const SILENCE_MAX_MS = 4000
const PING_EVERY_MS = 1000
const CONNECT_MAX_MS = 2000
/** Commands under way on one connection: ten seconds of work. */
const COMMANDS_MAX = 20_000
/** How long replicas may take to acknowledge. */
const WAIT_MS = 1000

export interface Address {
  host: string
  port: number
}

export interface ConnectOptions {
  username?: string
  password?: string
  tls: boolean
  library: Library
  /** Replicas of the store that must have what was decided before it is answered. */
  acknowledgements: number
}

/**
 * One connection to one process of the store. It is never mended: when it breaks, everything under way on it is unknown,
 * and nothing is sent again.
 */
export class Connection {
  readonly ended: Promise<void>
  #end: () => void
  #cause = "the connection was closed"
  #isOpen = true
  #calls = 0
  #run = ""

  private constructor(
    private readonly client: RedisClientType,
    private readonly options: ConnectOptions,
  ) {
    const { promise, resolve } = Promise.withResolvers<void>()
    this.ended = promise
    this.#end = resolve
  }

  /** Resolves when the server has shown that its word can be relied on. Throws one sentence otherwise. */
  static async open({ host, port }: Address, options: ConnectOptions): Promise<Connection> {
    const client = clientOf({ host, port }, options)
    const connection = new Connection(client, options)
    client.on("error", error => connection.drop(plain(error)))
    try {
      await client.connect()
      connection.#run = await assertSettings((...args) => client.sendCommand(args))
      await connection.load()
      return connection
    } catch (error) {
      connection.drop(plain(error as Error))
      throw refusalOf(error as Error, `${host}:${port}`)
    }
  }

  /** The id of the process at the other end: a process that comes after it has another. */
  get run(): string {
    return this.#run
  }

  get isOpen(): boolean {
    return this.#isOpen
  }

  /** Calls a function; `args[0]` is what follows the call's number. Resolves with what follows that number in the reply. */
  call(name: FunctionName, keys: readonly string[], args: readonly string[]): Promise<string[]> {
    return this.#fcall("FCALL", name, keys, args)
  }

  /** Calls a function that writes nothing. */
  read(name: FunctionName, keys: readonly string[], args: readonly string[]): Promise<string[]> {
    return this.#fcall("FCALL_RO", name, keys, args)
  }

  /** Any other command. */
  send(...args: string[]): Promise<unknown> {
    if (!this.#isOpen) return Promise.reject(new InventoryFault(`The store is away: ${this.#cause}.`, true))
    return this.client.sendCommand(args)
  }

  /** Makes the functions known to the server, unless they are. */
  async load(): Promise<void> {
    const { name, text } = this.options.library
    const [known] = (await this.send("FUNCTION", "LIST", "LIBRARYNAME", name, "WITHCODE")) as string[][]
    if (!known) {
      await this.send("FUNCTION", "LOAD", text).catch((error: Error) => {
        if (!/already exists/.test(error.message)) throw error
      })
      return
    }
    if (known[known.indexOf("library_code") + 1] === text) return
    throw new InventoryFault(
      `The store runs other functions under the name ${name}: LIBRARY_VERSION must be raised.`,
      true,
    )
  }

  drop(cause: string): void {
    if (!this.#isOpen) return
    this.#isOpen = false
    this.#cause = cause
    // What has ended by itself cannot be ended again.
    if (this.client.isOpen) this.client.destroy()
    this.#end()
  }

  async #fcall(kind: string, name: FunctionName, keys: readonly string[], args: readonly string[]): Promise<string[]> {
    const nonce = String(++this.#calls)
    const command = [kind, this.options.library.functionName(name), String(keys.length), ...keys, nonce + args[0]]
    for (let at = 1; at < args.length; at++) command.push(args[at]!)
    const acknowledged = kind === "FCALL" && this.options.acknowledgements > 0
    const replied = this.send(...command)
    // WAIT speaks of what this connection wrote: it must follow here, and at once.
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

function clientOf({ host, port }: Address, { username, password, tls }: ConnectOptions): RedisClientType {
  const socket = {
    host,
    port,
    connectTimeout: CONNECT_MAX_MS,
    socketTimeout: SILENCE_MAX_MS,
    reconnectStrategy: false as const,
  }
  return createClient({
    RESP: 2,
    socket: tls ? { ...socket, tls } : socket,
    username,
    password,
    disableOfflineQueue: true,
    commandsQueueMaxLength: COMMANDS_MAX,
    pingInterval: PING_EVERY_MS,
    maintNotifications: "disabled",
  }) as unknown as RedisClientType
}

function refusalOf(error: Error, where: string): InventoryFault {
  if (error instanceof InventoryFault && error.certain) return error
  const fault = faultOf(error)
  const sentence = fault.message.startsWith("The store is away")
    ? `The store at ${where} cannot be reached: ${plain(error)}.`
    : fault.message
  return new InventoryFault(sentence, true)
}
