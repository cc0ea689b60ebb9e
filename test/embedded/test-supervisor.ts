import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { NodeStatus } from "../../src/core/ports/nodes.ts"
import { Supervisor } from "../../src/embedded/supervisor.ts"
import { systemTime } from "../../src/runtime/time.ts"
import { eventually } from "../support/eventually.ts"
import { NO_RECORDS } from "../support/no-fleet.ts"
import { isGone, killAll, processesOf } from "../support/processes.ts"
import { MemoryInventory } from "../support/stores/memory-inventory.ts"

export type Behaviour = "well" | "babbles" | "ends" | "fails" | "never ready" | "ready, then ends" | "mute" | "deaf"

/** A supervisor with replicas that behave as a test says. */
export class TestSupervisor {
  readonly inventory = new MemoryInventory()
  /** The pauses before a process was started again, in milliseconds, from the log. */
  readonly delays: number[] = []
  readonly supervisor: Supervisor
  readonly #folder = mkdtempSync(join(tmpdir(), "doorbuster-supervisor-"))
  readonly #behaviour = join(this.#folder, "behaviour")
  #skippedMs = 0

  constructor(replicas: number, command = [process.execPath, join(import.meta.dir, "fake-replica.ts")]) {
    this.supervisor = new Supervisor({
      inventory: this.inventory,
      systemId: "one",
      records: NO_RECORDS,
      replicas,
      command,
      envOf: NODE_ID => ({ ...process.env, BEHAVIOUR: this.#behaviour, NODE_ID, DATA_DIR: this.#folder }),
      ownSeries: async () => [],
      time: { ...systemTime, monotonic: () => systemTime.monotonic() + this.#skippedMs },
      log: {
        info() {},
        warn: (fields: { delay?: number }) => {
          if (fields.delay !== undefined) this.delays.push(fields.delay)
        },
      },
    })
  }

  /** Moves the supervisor's monotonic clock on, as if every process had lived for so much longer. */
  skip(ms: number): void {
    this.#skippedMs += ms
  }

  /** Sets the behaviour of processes that start from now on, of one node or of all others. */
  now(behaviour: Behaviour, nodeId?: string): void {
    writeFileSync(nodeId === undefined ? this.#behaviour : `${this.#behaviour}.${nodeId}`, behaviour)
  }

  /** Every process that runs, whether the supervisor knows it or not. */
  get pids(): number[] {
    return processesOf(this.#folder).filter(pid => !isGone(pid))
  }

  async node(at = 0): Promise<NodeStatus> {
    return (await this.supervisor.nodes())[at]!
  }

  ready(what: (node: NodeStatus) => boolean = () => true, at = 0): Promise<NodeStatus> {
    return eventually("the node is ready", async () => {
      const node = await this.node(at)
      return node.state === "ready" && what(node) && node
    })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    try {
      await this.supervisor.stop()
      const left = this.pids
      if (left.length > 0) throw new Error(`Processes are left: ${left}.`)
    } finally {
      killAll(this.pids)
      rmSync(this.#folder, { recursive: true })
    }
  }
}
