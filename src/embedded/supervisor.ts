import type { Inventory } from "../core/ports/inventory.ts"
import type { NodeStatus, Nodes } from "../core/ports/nodes.ts"
import { keptText, METRICS_EVERY_MS } from "../observability/kept-text.ts"
import type { MetricFamily } from "../observability/metric-family.ts"
import { type Exit, HEARTBEAT_MS, startProcess } from "../processes/child-process.ts"
import { systemTime, type Time, withTimeout } from "../runtime/time.ts"
import { isToSupervisor, REPLICA_HUNG_MS, type ToReplica, type ToSupervisor } from "./ipc/protocol.ts"
import { NoticePublisher } from "./ipc/publisher.ts"
import { IpcServer, type Records } from "./ipc/server.ts"
import { ReplicaSeries } from "./replica-series.ts"
import { isHung, type ReplicaProcess, ReplicaSlot } from "./replica-slot.ts"

/** How long a replica may take to finish its requests before it is killed. */
const DRAIN_MAX_MS = 10_000
/** The start has failed when each replica has failed this many times in a row and none was ever ready. */
const FAILED_STARTS_MAX = 3
/**
 * A Ctrl-C reaches the whole process group, and a replica that is still loading dies of it. This long after its end the
 * supervisor knows of the signal, too, and neither reports the end nor starts another one.
 */
const SETTLE_MS = 50
/** How long a start that has succeeded waits for the other replicas before it says so. */
const OTHERS_MAX_MS = 2_000

export interface SupervisorOptions {
  inventory: Inventory
  systemId: string
  records: Records
  replicas: number
  command: string[]
  envOf(nodeId: string): Record<string, string | undefined>
  /** The supervisor's own series, merged into every scrape. */
  ownSeries(): Promise<MetricFamily[]>
  log: { info(fields: object, text: string): void; warn(fields: object, text: string): void }
  time?: Time
}

/** Keeps the replicas running: starts, watches, replaces, rolls and stops them. It alone owns the inventory. */
export class Supervisor implements Nodes, AsyncDisposable {
  readonly hasDrills = true
  readonly #time: Time
  readonly #slots: ReplicaSlot[]
  /** Every process that runs: a node that is being replaced has two. */
  readonly #running = new Set<ReplicaProcess>()
  readonly #publisher: NoticePublisher
  readonly #server: IpcServer
  readonly #series: ReplicaSeries
  readonly #started = Promise.withResolvers<void>()
  /** Strangers may ask where one port serves everything, and each text costs this process, which decides, milliseconds. */
  readonly #metrics: () => Promise<string>
  #checks: Disposable | undefined
  #checkedAt = 0
  #rolling: Promise<void> = Promise.resolve()
  #isStopping = false

  constructor(private readonly options: SupervisorOptions) {
    const { inventory, records, replicas, time = systemTime } = options
    this.#time = time
    this.#publisher = new NoticePublisher(inventory, time)
    this.#server = new IpcServer(inventory, this, records, this.#publisher)
    this.#series = new ReplicaSeries(time)
    this.#metrics = keptText(METRICS_EVERY_MS, () => this.allMetrics(), time)
    this.#slots = Array.from({ length: replicas }, (_, at) => new ReplicaSlot(`node-${at + 1}`, time))
  }

  /**
   * Resolves once one replica is ready, and the others have had a moment to be ready, too. Replicas that end are
   * started again until `stop`. Rejects, in one sentence, when none could become ready, several times in a row.
   */
  async start(): Promise<void> {
    this.#publisher.start()
    this.#checkedAt = this.#time.monotonic()
    this.#checks = this.#time.every(HEARTBEAT_MS, () => this.#check())
    const firstStarts = Promise.allSettled(this.#slots.map(slot => this.#startReplica(slot)))
    await this.#started.promise
    await withTimeout(OTHERS_MAX_MS, firstStarts, this.#time)
  }

  async nodes(): Promise<NodeStatus[]> {
    return this.#slots.map(slot => slot.status())
  }

  async kill(nodeId: string, pid?: number): Promise<boolean> {
    const process = this.#slots.find(({ id }) => id === nodeId)?.current?.process
    if (!process || (pid !== undefined && pid !== process.pid)) return false
    process.kill("SIGKILL")
    return true
  }

  async drain(nodeId: string): Promise<boolean> {
    const slot = this.#slots.find(({ id }) => id === nodeId)
    if (!slot?.current || this.#isStopping) return false
    this.#roll([slot]).catch(error => this.options.log.warn({ node: nodeId, why: error.message }, "not replaced"))
    return true
  }

  metrics(): Promise<string> {
    return this.#metrics()
  }

  async allMetrics(): Promise<string> {
    const ready = this.#slots.flatMap(({ current }) => (current?.readyAt === undefined ? [] : [current.process]))
    await this.#series.collect(ready)
    return this.#series.render(await this.options.ownSeries())
  }

  /**
   * Replaces every replica, one at a time. Each successor is ready before its predecessor drains. Rejects when a
   * successor does not start; its predecessor then continues. A roll waits for the previous roll.
   */
  roll(): Promise<void> {
    return this.#roll(this.#slots)
  }

  /** Drains every replica. Resolves when none runs any more. */
  async stop(): Promise<void> {
    this.#isStopping = true
    for (const slot of this.#slots) slot.nextStart?.[Symbol.dispose]()
    await Promise.all([...this.#running].map(replica => this.#drain(replica)))
    this.#checks?.[Symbol.dispose]()
    this.#publisher[Symbol.dispose]()
  }

  /** Kills every replica. A `stop` that waits for one to drain then ends. */
  killAll(): void {
    for (const { process } of this.#running) process.kill("SIGKILL")
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop()
  }

  #roll(slots: ReplicaSlot[]): Promise<void> {
    this.#rolling = this.#rolling.catch(() => {}).then(() => this.#replace(slots))
    return this.#rolling
  }

  async #replace(slots: ReplicaSlot[]): Promise<void> {
    for (const slot of slots) {
      if (this.#isStopping) return
      const predecessor = slot.current
      await this.#startReplica(slot)
      slot.restarts++
      if (predecessor) await this.#drain(predecessor)
      this.options.log.info({ node: slot.id }, "replica replaced")
    }
  }

  async #drain({ process }: ReplicaProcess): Promise<void> {
    process.send({ type: "drain" })
    using _deadline = this.#time.after(DRAIN_MAX_MS, () => process.kill("SIGKILL"))
    await process.exited
  }

  /** Resolves when the slot's new process is ready; rejects, in one sentence, when it ends before that. */
  #startReplica(slot: ReplicaSlot): Promise<void> {
    slot.nextStart?.[Symbol.dispose]()
    const { command, envOf } = this.options
    const predecessor = slot.current
    const ready = Promise.withResolvers<void>()
    const process = startProcess<ToReplica, unknown>(command, envOf(slot.id), message => {
      if (!isToSupervisor(message)) return this.options.log.warn({ node: slot.id }, "a message makes no sense")
      this.#receive(slot, replica, message)
      if (message.type === "ready") ready.resolve()
    })
    const lastHeartbeatAt = this.#time.monotonic()
    const replica: ReplicaProcess = { process, startedAt: this.#time.now(), lastHeartbeatAt, requests: 0 }
    this.#running.add(replica)
    slot.use(replica)
    this.#publisher.join(process, this.options.systemId)
    void process.exited.then(exit => {
      this.#running.delete(replica)
      this.#publisher.leave(process)
      this.#series.retire(process)
      ready.reject(new Error(`${slot.id} ended before it was ready (${replica.failure ?? exit.reason}).`))
      if (slot.current !== replica) return
      if (replica.readyAt === undefined && predecessor && this.#running.has(predecessor)) slot.use(predecessor)
      else this.#onEnd(slot, replica, exit)
    })
    return ready.promise
  }

  /** The node has no process any more: starts another one after a pause. */
  #onEnd(slot: ReplicaSlot, replica: ReplicaProcess, exit: Exit): void {
    const delay = slot.ended(replica, exit)
    const why = replica.failure ?? exit.reason
    if (this.#isStopping) return
    const settle = Math.min(delay, SETTLE_MS)
    slot.nextStart = this.#time.after(settle, () => {
      this.options.log.warn({ node: slot.id, why, delay }, "replica ended; starting another")
      slot.nextStart = this.#time.after(delay - settle, () => {
        slot.restarts++
        // A process that does not start schedules the next attempt when it ends.
        this.#startReplica(slot).catch(() => {})
      })
      if (this.#slots.every(({ failedStarts }) => failedStarts >= FAILED_STARTS_MAX)) {
        this.#started.reject(new Error(`No replica could start; ${slot.id} ended last (${why}).`))
      }
    })
  }

  #receive(slot: ReplicaSlot, replica: ReplicaProcess, message: ToSupervisor): void {
    if (!this.#running.has(replica)) return
    const { process } = replica
    switch (message.type) {
      case "call":
        void this.#server.answer(process, message)
        break
      case "acknowledged":
        this.#publisher.acknowledged(process, message.id)
        break
      case "heartbeat":
        slot.heartbeat(replica, message)
        this.#publisher.tellElapsed(process)
        break
      case "series":
        this.#series.update(slot.id, process, message)
        break
      case "failed":
        replica.failure = message.reason
        break
      case "ready":
        slot.ready(replica)
        this.#started.resolve()
    }
  }

  /** Kills replicas that hang. If this process itself was suspended for a while, each gets its full time again. */
  #check(): void {
    const now = this.#time.monotonic()
    const wasSuspended = now - this.#checkedAt > REPLICA_HUNG_MS / 2
    this.#checkedAt = now
    for (const replica of this.#running) {
      if (wasSuspended) replica.lastHeartbeatAt = now
      if (!isHung(replica, now)) continue
      this.options.log.warn({ pid: replica.process.pid }, "replica hung; killing it")
      replica.wasHung = true
      replica.process.kill("SIGKILL")
    }
  }
}
