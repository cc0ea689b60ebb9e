import { type Inventory, InventoryFault } from "../../core/ports/inventory.ts"
import type { Logbook } from "../../core/ports/logbook.ts"
import type { Nodes } from "../../core/ports/nodes.ts"
import { METHODS, type Port, type ToReplica, type ToSupervisor } from "./messages.ts"
import type { NoticePublisher } from "./publisher.ts"

type Call = Extract<ToSupervisor, { type: "call" }>

/** Answers the calls of replicas. An answer leaves only when no replica can contradict it from memory. */
export class IpcServer {
  constructor(
    private readonly inventory: Inventory,
    private readonly fleet: Nodes,
    private readonly logbook: Logbook,
    private readonly publisher: NoticePublisher,
  ) {}

  async answer(port: Port<ToReplica>, { id, method, args }: Call): Promise<void> {
    try {
      const value = await this.#run(method, args)
      if (method === "decide") await this.publisher.settled()
      port.send({ type: "reply", id, value: value ?? null })
    } catch (error) {
      const certain = error instanceof InventoryFault && error.certain
      port.send({ type: "fault", id, message: (error as Error).message, certain })
    }
  }

  #run(method: Call["method"], args: unknown[]): Promise<unknown> {
    if (!METHODS.includes(method)) throw new InventoryFault(`There is no ${method}.`, true)
    const target = [this.fleet, this.logbook].find(one => method in one) ?? this.inventory
    return (target as unknown as Record<string, (...args: unknown[]) => Promise<unknown>>)[method]!(...args)
  }
}
