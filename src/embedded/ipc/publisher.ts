import type { Inventory, Notice } from "../../core/ports/inventory.ts"
import { systemTime, type Time } from "../../runtime/time.ts"
import type { Port, ToReplica } from "./protocol.ts"

/** The pause between two notices of one sale. 20 per second are enough for a lively page. */
const NOTICE_EVERY_MS = 50

/** A notice that replicas must acknowledge, because they may refuse buyers by an earlier one. */
interface Revocation {
  waitingFor: Set<Port<ToReplica>>
  done(): void
}

/**
 * Tells replicas how sales stand. They refuse from memory buyers of sales that they have not heard of, and of sales that
 * are quiet (core `isQuiet`). So a new sale and a change to a quiet one are sent at once, as a revocation, and `settled`
 * waits until every replica has acknowledged it.
 */
export class NoticePublisher implements Disposable {
  readonly #ports = new Set<Port<ToReplica>>()
  readonly #latest = new Map<string, Notice>()
  readonly #unsent = new Set<string>()
  /** Sales whose latest sent notice had their holders. */
  readonly #quiet = new Set<string>()
  readonly #revocations = new Map<number, Revocation>()
  #settling: Promise<unknown> = Promise.resolve()
  #lastId = 0
  #flushTimer: Disposable | undefined
  #unwatch: (() => void) | undefined

  constructor(
    private readonly inventory: Inventory,
    private readonly time: Time = systemTime,
  ) {}

  start(): void {
    this.#unwatch = this.inventory.watch(notice => this.#onNotice(notice))
  }

  /** Sends the port every sale, then `begin`, and from then on what changes. */
  join(port: Port<ToReplica>, systemId: string): void {
    this.#ports.add(port)
    for (const notice of this.#latest.values()) port.send(messageOf(notice))
    this.tellElapsed(port)
    port.send({ type: "begin", systemId })
  }

  tellElapsed(port: Port<ToReplica>): void {
    port.send({ type: "elapsed", ms: this.elapsed() })
  }

  elapsed(): number {
    return this.time.monotonic()
  }

  /** Stops waiting for a replica that has ended, because it can no longer refuse buyers. */
  leave(port: Port<ToReplica>): void {
    this.#ports.delete(port)
    for (const id of this.#revocations.keys()) this.acknowledged(port, id)
  }

  acknowledged(port: Port<ToReplica>, id: number): void {
    const revocation = this.#revocations.get(id)
    if (!revocation?.waitingFor.delete(port) || revocation.waitingFor.size > 0) return
    this.#revocations.delete(id)
    revocation.done()
  }

  /** Whether a replica may still refuse from memory what has changed. */
  get isSettling(): boolean {
    return this.#revocations.size > 0
  }

  /** Resolves when no replica refuses from memory what has changed until now. */
  async settled(): Promise<void> {
    if (this.isSettling) await this.#settling
  }

  [Symbol.dispose](): void {
    this.#unwatch?.()
    this.#flushTimer?.[Symbol.dispose]()
  }

  #onNotice(notice: Notice): void {
    const { id, version } = notice.sale
    const isChangedByAdministrator = this.#latest.get(id)?.sale.version !== version
    this.#latest.set(id, notice)
    // Replicas refuse from memory sales that they have not heard of, and customers of those that are quiet.
    if (this.#quiet.delete(id) || isChangedByAdministrator) {
      this.#revoke(notice)
      return
    }
    this.#unsent.add(id)
    if (notice.holders) this.#flush()
    else this.#flushTimer ??= this.time.after(NOTICE_EVERY_MS, () => this.#flush())
  }

  #flush(): void {
    this.#flushTimer?.[Symbol.dispose]()
    this.#flushTimer = undefined
    for (const id of this.#unsent) {
      const notice = this.#latest.get(id)
      if (notice) this.#send(notice)
    }
    this.#unsent.clear()
  }

  #revoke(notice: Notice): void {
    if (this.#ports.size === 0) {
      this.#send(notice)
      return
    }
    const id = ++this.#lastId
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#revocations.set(id, { waitingFor: new Set(this.#ports), done: resolve })
    this.#settling = Promise.all([this.#settling, promise])
    this.#send(notice, id)
  }

  #send(notice: Notice, id?: number): void {
    if (notice.holders) this.#quiet.add(notice.sale.id)
    const message = messageOf(notice, id)
    for (const port of this.#ports) port.send(message)
  }
}

function messageOf({ sale, holders }: Notice, id?: number): ToReplica {
  return { type: "notice", sale, ...(id !== undefined && { id }), ...(holders && { holders: holders.toBase64() }) }
}
