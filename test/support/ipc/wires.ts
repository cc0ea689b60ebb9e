import type { Answer, Command, Reserve } from "../../../src/core/command.ts"
import type { Inventory } from "../../../src/core/ports/inventory.ts"
import { IpcInventory } from "../../../src/embedded/ipc/inventory.ts"
import type { ToReplica, ToSupervisor } from "../../../src/embedded/ipc/protocol.ts"
import { NoticePublisher } from "../../../src/embedded/ipc/publisher.ts"
import { IpcServer } from "../../../src/embedded/ipc/server.ts"
import { SaleCache } from "../../../src/http/purchase/sale-cache.ts"
import { NO_FLEET, NO_RECORDS } from "../no-fleet.ts"

/** A supervisor and its replicas in one process, joined by wires that deliver only when the test says so. */
export class Wires {
  readonly publisher: NoticePublisher
  readonly host: IpcServer
  readonly replicas: Replica[]

  constructor(inventory: Inventory, count: number) {
    this.publisher = new NoticePublisher(inventory)
    this.publisher.start()
    this.host = new IpcServer(inventory, NO_FLEET, NO_RECORDS, this.publisher)
    this.replicas = Array.from({ length: count }, () => new Replica(this))
  }

  /** Delivers until every wire is empty. */
  async settle(): Promise<void> {
    for (let moved = true; moved; ) {
      moved = false
      await turn()
      for (const replica of this.replicas) {
        while (replica.deliverUp() || replica.deliverDown()) moved = true
      }
    }
  }
}

export class Replica {
  readonly #up: ToSupervisor[] = []
  readonly #down: ToReplica[] = []
  readonly port = { send: (message: ToReplica) => void this.#down.push(overWire(message)) }
  readonly inventory = new IpcInventory({ send: message => void this.#up.push(overWire(message)) })
  readonly board = new SaleCache(this.inventory)

  constructor(private readonly wires: Wires) {
    this.board.start()
    wires.publisher.join(this.port, "one")
  }

  /** What has not been delivered to it. */
  get waiting(): ToReplica["type"][] {
    return this.#down.map(({ type }) => type)
  }

  /** As a purchase does: from memory where that is certain, otherwise from the store. */
  async buy(attempt: Reserve, now: number): Promise<Answer> {
    return this.board.refuse(attempt, now) ?? (await this.decide(attempt))
  }

  async decide(command: Command): Promise<Answer> {
    return (await this.inventory.decide([command]))[0]!
  }

  /** One message to the supervisor; false when there is none. */
  deliverUp(): boolean {
    const message = this.#up.shift()
    if (message?.type === "acknowledged") this.wires.publisher.acknowledged(this.port, message.id)
    if (message?.type === "call") void this.wires.host.answer(this.port, message)
    return message !== undefined
  }

  deliverDown(): boolean {
    const message = this.#down.shift()
    if (message) this.inventory.receive(message)
    return message !== undefined
  }

  die(): void {
    this.wires.publisher.leave(this.port)
  }
}

/** Lets everything that has been delivered take effect. */
export function turn(): Promise<void> {
  return new Promise(resolve => setImmediate(resolve))
}

function overWire<Value>(value: Value): Value {
  return JSON.parse(JSON.stringify(value)) as Value
}
