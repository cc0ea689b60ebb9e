import type { Inventory } from "../core/ports/inventory.ts"
import type { Logbook } from "../core/ports/logbook.ts"
import type { NodeStatus, Nodes } from "../core/ports/nodes.ts"
import type { Series } from "../observability/series.ts"
import { startProcess } from "../processes/child-process.ts"
import { BEAT_MS } from "../processes/heartbeat.ts"
import { HUNG_MS, type ToReplica, type ToSupervisor } from "./ipc/messages.ts"
import { NoticePublisher } from "./ipc/publisher.ts"
import { IpcServer } from "./ipc/server.ts"
import { isHung, type Life, ReplicaSlot } from "./replica-slot.ts"
import { ReplicaSeries } from "./reports.ts"

/** How long a replica may take to finish what is in flight before it is killed. */
const DRAIN_MAX_MS = 10_000

export interface SupervisorOptions {
  inventory: Inventory
  logbook: Logbook
  replicas: number
  command: string[]
  envOf(nodeId: string): Record<string, string | undefined>
  /** The supervisor's own series, merged into every scrape. */
  ownSeries(): Promise<Series[]>
  log: { info(fields: object, text: string): void; warn(fields: object, text: string): void }
}

/** Keeps the replicas running: starts, watches, replaces, rolls and stops them. It alone owns the inventory. */
export class Supervisor implements Nodes {
  readonly hasDrills = true
  readonly #slots: ReplicaSlot[]
  /** Every process that runs: while a node rolls it has two. */
  readonly #lives = new Set<Life>()
  readonly #publisher: NoticePublisher
  readonly #host: IpcServer
  readonly #reports = new ReplicaSeries()
  readonly #watchdog: Timer
  readonly #restarts = new Map<ReplicaSlot, Timer>()
  #checkedAt = performance.now()
  #rolling: Promise<void> = Promise.resolve()
  #stopping = false

  constructor(private readonly options: SupervisorOptions) {
    this.#publisher = new NoticePublisher(options.inventory)
    this.#host = new IpcServer(options.inventory, this, options.logbook, this.#publisher)
    this.#slots = Array.from({ length: options.replicas }, (_, at) => new ReplicaSlot(`node-${at + 1}`))
    this.#watchdog = setInterval(() => this.#check(), BEAT_MS)
  }

  /** Resolves when every replica is ready; rejects when one ends before it is. */
  async start(): Promise<void> {
    await Promise.all(this.#slots.map(slot => this.#begin(slot)))
  }

  async nodes(): Promise<NodeStatus[]> {
    return this.#slots.map(slot => slot.status())
  }

  async kill(nodeId: string, pid?: number): Promise<boolean> {
    const life = this.#slots.find(slot => slot.id === nodeId)?.life
    if (!life || (pid !== undefined && pid !== life.process.pid)) return false
    life.process.kill("SIGKILL")
    return true
  }

  async drain(nodeId: string): Promise<boolean> {
    const slot = this.#slots.find(({ id }) => id === nodeId)
    if (!slot?.life || this.#stopping) return false
    this.#roll([slot]).catch(error => this.options.log.warn({ node: nodeId, why: error.message }, "not replaced"))
    return true
  }

  async metrics(): Promise<string> {
    await this.#reports.collect(this.#slots.flatMap(({ life }) => (life?.readyAt ? [life.process] : [])))
    this.#reports.own = await this.options.ownSeries()
    return this.#reports.render()
  }

  allMetrics(): Promise<string> {
    return this.metrics()
  }

  /**
   * Replaces every replica, one at a time; the successor is ready before its predecessor stops accepting. Rejects when
   * a successor does not come up; then its predecessor goes on. One roll waits for the other.
   */
  roll(): Promise<void> {
    return this.#roll(this.#slots)
  }

  #roll(slots: ReplicaSlot[]): Promise<void> {
    this.#rolling = this.#rolling.catch(() => {}).then(() => this.#replace(slots))
    return this.#rolling
  }

  async #replace(slots: ReplicaSlot[]): Promise<void> {
    for (const slot of slots) {
      if (this.#stopping) return
      const old = slot.life
      await this.#begin(slot)
      slot.restarts++
      if (old) await this.#drain(old)
      this.options.log.info({ node: slot.id }, "replica replaced")
    }
  }

  /** Accept no more, finish what is in flight, end. */
  async stop(): Promise<void> {
    this.#stopping = true
    for (const timer of this.#restarts.values()) clearTimeout(timer)
    await Promise.all([...this.#lives].map(life => this.#drain(life)))
    clearInterval(this.#watchdog)
    this.#publisher.close()
  }

  async #drain({ process }: Life): Promise<void> {
    process.send({ type: "drain" })
    const timer = setTimeout(() => process.kill("SIGKILL"), DRAIN_MAX_MS)
    await process.exited
    clearTimeout(timer)
  }

  /** Starts a process for the slot and resolves when it is ready; rejects, in one sentence, when it ends before that. */
  #begin(slot: ReplicaSlot): Promise<void> {
    return new Promise((resolve, reject) => {
      const { command, envOf } = this.options
      const predecessor = slot.life
      clearTimeout(this.#restarts.get(slot))
      const process = startProcess<ToReplica, ToSupervisor>(command, envOf(slot.id), message => {
        this.#receive(slot, life, message)
        if (message.type === "ready") resolve()
      })
      const life: Life = { process, startedAt: Date.now(), lastBeatAt: performance.now(), requests: 0 }
      this.#lives.add(life)
      slot.took(life)
      this.#publisher.join(process)
      process.exited.then(why => {
        this.#lives.delete(life)
        this.#publisher.leave(process)
        this.#reports.retire(slot.id, process)
        reject(new Error(`${slot.id} ended before it was ready (${why}).`))
        if (slot.life !== life) return
        if (life.readyAt === undefined && predecessor && this.#lives.has(predecessor)) slot.took(predecessor)
        else this.#ended(slot, why)
      })
    })
  }

  #ended(slot: ReplicaSlot, why: string): void {
    const delay = slot.ended(why, performance.now())
    if (this.#stopping) return
    this.options.log.warn({ node: slot.id, why, delay }, "replica ended; starting another")
    const timer = setTimeout(() => {
      slot.restarts++
      // Whatever keeps it from starting, its end has set the next timer.
      this.#begin(slot).catch(() => {})
    }, delay)
    this.#restarts.set(slot, timer)
  }

  #receive(slot: ReplicaSlot, life: Life, message: ToSupervisor): void {
    if (!this.#lives.has(life)) return
    const { process } = life
    switch (message.type) {
      case "call":
        this.#host.answer(process, message)
        break
      case "seen":
        this.#publisher.seen(process, message.id)
        break
      case "beat":
        slot.beat(life, message, performance.now())
        break
      case "report":
        this.#reports.take(slot.id, process, message)
        break
      case "ready":
        slot.ready(life, performance.now())
    }
  }

  /** Kills replicas that no longer beat. If this process itself was stopped for a while, everyone gets a new chance. */
  #check(): void {
    const now = performance.now()
    const paused = now - this.#checkedAt > HUNG_MS / 2
    this.#checkedAt = now
    for (const life of this.#lives) {
      if (paused) life.lastBeatAt = now
      if (!isHung(life, now)) continue
      this.options.log.warn({ pid: life.process.pid }, "replica hung; killing it")
      life.process.kill("SIGKILL")
    }
  }
}
