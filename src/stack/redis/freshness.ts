import type { Millis } from "../../core/sale.ts"
import type { Time } from "../../runtime/time.ts"
import type { Connection } from "./connect/connection.ts"
import { tagOf } from "./protocol/keys.ts"

/** How soon a server that does not tell of changes is asked for them again. */
const ASK_EVERY_MS = 100
const LIST_PREFIX = "list:"

/** The name of the list of sales. No sale has it, because a sale's id is not empty. */
export const LIST_NAME = ""

/** A read of a sale, or of the list of sales, that is under way. */
export interface Reading {
  name: string
  /** This process's elapsed time when the read was sent. */
  sent: number
  changes: number
}

/** What a connection's last reply proves. */
interface Proof {
  /** Elapsed time: what is fresh was so in the store at this time. */
  at: number
  /** The store's time then. */
  now: Millis
}

/**
 * Which of the things that this process has read are still as the store has them. The store's server tells, once for each read,
 * that something has changed since (client tracking). It says so on the connection of the reads and before its next reply there,
 * so any reply proves everything that was read on that connection and that no change was told of.
 */
export class Freshness {
  /** How often a change of each name was told. */
  readonly #changes = new Map<string, number>()
  readonly #readOn = new Map<string, Connection>()
  readonly #proofs = new WeakMap<Connection, Proof>()
  readonly #known = new WeakSet<Connection>()
  readonly #listeners = new Set<() => void>()
  /** The names that were fresh at the last turn and have not been sampled since. */
  #turn: string[] = []
  #allChanges = 0
  #listReadAt = Number.NEGATIVE_INFINITY
  #asking: Disposable | undefined

  constructor(private readonly time: Time) {}

  /** Calls `listener` when something may have changed that was read. Returns a function that stops this. */
  onNews(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** A read of this name is about to be sent. */
  begin(name: string): Reading {
    return { name, sent: this.time.monotonic(), changes: this.#changesOf(name) }
  }

  /** The read was answered on this connection, at the store's time `now` if the reply shows it. */
  end({ name, sent, changes }: Reading, connection: Connection, now?: Millis): void {
    if (!connection.tells) {
      this.#askSoon()
      return
    }
    this.#listen(connection)
    if (now !== undefined) this.#proofs.set(connection, { at: sent, now })
    if (name === LIST_NAME) this.#listReadAt = sent
    // The server may have told of a change before it answered the read or after it.
    if (changes === this.#changesOf(name)) this.#readOn.set(name, connection)
    else this.#news()
  }

  isFresh(name: string): boolean {
    return this.#readOn.get(name)?.isOpen === true
  }

  /** The last proof that this sale is fresh; undefined if it is not. */
  proof(name: string): Proof | undefined {
    const connection = this.#readOn.get(name)
    return connection?.isOpen ? this.#proofs.get(connection) : undefined
  }

  /** Elapsed time: the list was as it was read at this time; long ago if it is not fresh. */
  get listProvenAt(): number {
    if (!this.isFresh(LIST_NAME)) return Number.NEGATIVE_INFINITY
    return Math.max(this.#listReadAt, this.proof(LIST_NAME)?.at ?? 0)
  }

  /**
   * One fresh name of each connection: reading them again proves all others. It is a different sale at each call, and the list only
   * where nothing else was read.
   */
  samples(): string[] {
    const wanted = new Set([...this.#readOn.values()].filter(({ isOpen }) => isOpen))
    const found: string[] = []
    for (let tries = this.#turn.length + this.#readOn.size; wanted.size > 0 && tries > 0; tries--) {
      const name = this.#turn.pop()
      if (name === undefined) {
        this.#turn = [...this.#readOn.keys()]
        continue
      }
      const connection = this.#readOn.get(name)
      if (name !== LIST_NAME && connection && wanted.delete(connection)) found.push(name)
    }
    const list = this.#readOn.get(LIST_NAME)
    if (list && wanted.has(list)) found.push(LIST_NAME)
    return found
  }

  /** Whatever was read where this name was read must be read again. */
  doubt(name: string): void {
    const connection = this.#readOn.get(name)
    if (connection) this.#lose(connection)
  }

  forget(name: string): void {
    this.#readOn.delete(name)
  }

  close(): void {
    this.#listeners.clear()
    this.#asking?.[Symbol.dispose]()
  }

  #listen(connection: Connection): void {
    if (this.#known.has(connection)) return
    this.#known.add(connection)
    connection.onChange = key => this.#changed(connection, key)
    void connection.ended.then(() => this.#lose(connection))
  }

  /** Without a key, everything has changed. */
  #changed(connection: Connection, key: string | undefined): void {
    if (key === undefined) {
      this.#allChanges++
      this.#lose(connection)
      return
    }
    const name = key.startsWith(LIST_PREFIX) ? LIST_NAME : tagOf(key)
    this.#changes.set(name, (this.#changes.get(name) ?? 0) + 1)
    if (this.#readOn.delete(name)) this.#news()
  }

  #changesOf(name: string): number {
    return this.#allChanges + (this.#changes.get(name) ?? 0)
  }

  #lose(connection: Connection): void {
    for (const [name, readOn] of this.#readOn) {
      if (readOn === connection) this.#readOn.delete(name)
    }
    this.#news()
  }

  /** A server that cannot tell is asked again and again instead. */
  #askSoon(): void {
    this.#asking ??= this.time.after(ASK_EVERY_MS, () => {
      this.#asking = undefined
      this.#news()
    })
  }

  #news(): void {
    for (const listener of this.#listeners) listener()
  }
}
