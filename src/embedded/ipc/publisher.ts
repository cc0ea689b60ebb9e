import type { Inventory, Notice } from "../../core/ports/inventory.ts"
import type { Port, ToReplica } from "./messages.ts"

/** Between two notices of one sale: 20 a second keep a page lively and cost nothing. */
const NOTICE_EVERY_MS = 50

interface Recall {
  waitingFor: Set<Port<ToReplica>>
  done(): void
}

/**
 * Tells replicas how sales stand. Once a sale is sold out they refuse its buyers from memory, so a change to such a
 * sale is announced at once, and `settled` lets nobody read of it before every replica has seen the announcement.
 */
export class NoticePublisher {
  readonly #ports = new Set<Port<ToReplica>>()
  readonly #latest = new Map<string, Notice>()
  readonly #unsent = new Set<string>()
  readonly #soldOut = new Set<string>()
  readonly #recalls = new Map<number, Recall>()
  readonly #stop: () => void
  #settling: Promise<unknown> = Promise.resolve()
  #lastRecall = 0
  #timer: Timer | undefined

  constructor(inventory: Inventory) {
    this.#stop = inventory.watch(notice => this.#hear(notice))
  }

  join(port: Port<ToReplica>): void {
    this.#ports.add(port)
    for (const notice of this.#latest.values()) port.send(messageOf(notice))
    port.send({ type: "begin" })
  }

  leave(port: Port<ToReplica>): void {
    this.#ports.delete(port)
    for (const id of this.#recalls.keys()) this.seen(port, id)
  }

  seen(port: Port<ToReplica>, id: number): void {
    const recall = this.#recalls.get(id)
    if (!recall?.waitingFor.delete(port) || recall.waitingFor.size > 0) return
    this.#recalls.delete(id)
    recall.done()
  }

  /** Resolves when no replica refuses from memory what has changed since. */
  async settled(): Promise<void> {
    if (this.#recalls.size > 0) await this.#settling
  }

  close(): void {
    this.#stop()
    clearTimeout(this.#timer)
  }

  #hear(notice: Notice): void {
    const { id } = notice.sale
    this.#latest.set(id, notice)
    if (this.#soldOut.delete(id)) {
      this.#recall(notice)
      return
    }
    this.#unsent.add(id)
    if (notice.holders) this.#flush()
    else this.#timer ??= setTimeout(() => this.#flush(), NOTICE_EVERY_MS)
  }

  #flush(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    for (const id of this.#unsent) this.#send(this.#latest.get(id)!)
    this.#unsent.clear()
  }

  #recall(notice: Notice): void {
    if (this.#ports.size === 0) {
      this.#send(notice)
      return
    }
    const id = ++this.#lastRecall
    const recalled = new Promise<void>(done => this.#recalls.set(id, { waitingFor: new Set(this.#ports), done }))
    this.#settling = Promise.all([this.#settling, recalled])
    this.#send(notice, id)
  }

  #send(notice: Notice, id?: number): void {
    if (notice.holders) this.#soldOut.add(notice.sale.id)
    const message = messageOf(notice, id)
    for (const port of this.#ports) port.send(message)
  }
}

function messageOf({ sale, holders }: Notice, id?: number): ToReplica {
  return { type: "notice", id, sale, ...(holders && { holders: holders.toBase64() }) }
}
