import type { Command } from "../../core/command.ts"
import type { CredentialStore } from "../../core/ports/credentials.ts"
import { type Inventory, InventoryFault } from "../../core/ports/inventory.ts"
import type { Logbook } from "../../core/ports/logbook.ts"
import type { Nodes } from "../../core/ports/nodes.ts"
import type { Seals } from "../../core/ports/seals.ts"
import { attemptsFrom, flatAnswers } from "./attempts.ts"
import type { Call, Port, SupervisorApi, ToReplica } from "./protocol.ts"
import type { NoticePublisher } from "./publisher.ts"

/** What the supervisor keeps for its replicas beside the inventory. */
export interface Records {
  logbook: Logbook
  credentials: CredentialStore
  seals: Pick<Seals, "pageAfter">
}

/** Answers the calls of replicas. */
export class IpcServer {
  readonly #api: SupervisorApi

  constructor(
    inventory: Inventory,
    nodes: Nodes,
    { logbook, credentials, seals }: Records,
    publisher: NoticePublisher,
  ) {
    const decide = async (commands: readonly Command[]) => {
      const answers = await inventory.decide(commands)
      // The answer leaves only when no replica can contradict it from memory.
      if (publisher.isSettling) await publisher.settled()
      return answers
    }
    this.#api = {
      decide,
      async buy(flat) {
        const attempts = attemptsFrom(flat)
        return flatAnswers(attempts, await decide(attempts))
      },
      sales: () => inventory.sales(),
      order: orderId => inventory.order(orderId),
      orders: (saleId, after, limit) => inventory.orders(saleId, after, limit),
      facts: (saleId, after, limit) => inventory.facts(saleId, after, limit),
      clock: () => inventory.clock(),
      elapsed: async () => publisher.elapsed(),
      sealsAfter: (saleId, after) => seals.pageAfter(saleId, after),
      nodes: () => nodes.nodes(),
      kill: (nodeId, pid) => nodes.kill(nodeId, pid),
      drain: nodeId => nodes.drain(nodeId),
      metrics: () => nodes.metrics(),
      allMetrics: () => nodes.allMetrics(),
      enter: entry => logbook.enter(entry),
      entries: () => logbook.entries(),
      addFailures: rows => logbook.addFailures(rows),
      failures: () => logbook.failures(),
      credentials: () => credentials.credentials(),
      addCredential: credential => credentials.addCredential(credential),
      revokeCredential: name => credentials.revokeCredential(name),
      endSession: (session, now) => credentials.endSession(session, now),
    }
  }

  /** Sends the reply or the fault to `port`. Never rejects. */
  async answer(port: Port<ToReplica>, call: Call): Promise<void> {
    const { id } = call
    try {
      port.send({ type: "reply", id, value: (await this.#run(call)) ?? null })
    } catch (error) {
      const certain = error instanceof InventoryFault && error.certain
      port.send({ type: "fault", id, message: (error as Error).message, certain })
    }
  }

  #run({ method, args }: Call): Promise<unknown> {
    if (!Object.hasOwn(this.#api, method)) throw new InventoryFault(`There is no method ${method}.`, true)
    const handler = this.#api[method] as (...args: unknown[]) => Promise<unknown>
    return handler(...args)
  }
}
