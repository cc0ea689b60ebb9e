import { sleep, systemTime, type Time } from "../../runtime/time.ts"
import type { Node } from "../../wire/wire.ts"
import { type AdminClient, NoAnswerError, RefusedError } from "../admin-client.ts"
import { CliError } from "../cli-error.ts"

const POLL_MS = 25
/** A replica that takes longer than this to come back has failed the drill. */
const RECOVERY_MS_MAX = 15_000

export interface Kill {
  nodeId: string
  /** On the monotonic clock. */
  at: number
  /** How long until the replica was back. Absent when it did not come back in time. */
  backMs?: number
}

export interface KillPlan {
  kills: number
  everyMs: number
  /** When it is aborted, no further replica is killed. */
  signal: AbortSignal
  say(line: string): void
}

/** Kills one random ready replica after the other, and waits until each is back. */
export class ReplicaKiller {
  readonly kills: Kill[] = []

  constructor(
    private readonly client: AdminClient,
    private readonly time: Time = systemTime,
    private readonly random: () => number = Math.random,
  ) {}

  /** The recovery times of all replicas that came back. */
  get backMs(): number[] {
    return this.kills.flatMap(({ backMs }) => backMs ?? [])
  }

  async run({ kills, everyMs, signal, say }: KillPlan): Promise<void> {
    const start = this.time.monotonic()
    for (let count = 0; count < kills; count++) {
      await sleep(start + (count + 0.5) * everyMs - this.time.monotonic(), signal, this.time)
      if (signal.aborted) return
      const ready = (await this.client.nodes()).filter(({ state }) => state === "ready")
      const victim = ready[Math.floor(this.random() * ready.length)]
      if (victim && !signal.aborted) await this.#kill(victim, say)
    }
  }

  async #kill(victim: Node, say: (line: string) => void): Promise<void> {
    const at = timeOfDay(new Date(this.time.now()))
    const start = this.time.monotonic()
    try {
      await this.client.kill(victim.id)
    } catch (error) {
      if (error instanceof RefusedError && [404, 405, 501].includes(error.status)) {
        throw new CliError("This system has no kill operation. Chaos works only with the embedded system (npm start).")
      }
      // The killed replica may be the one that served this request. Its number of restarts shows whether it died.
      if (!(error instanceof NoAnswerError)) throw error
    }
    const kill: Kill = { nodeId: victim.id, at: start }
    this.kills.push(kill)
    if (!(await this.#isBack(victim, start + RECOVERY_MS_MAX))) {
      say(`${at} killed ${victim.id}; not back after ${RECOVERY_MS_MAX / 1000} s`)
      return
    }
    kill.backMs = this.time.monotonic() - start
    say(`${at} killed ${victim.id}; back after ${(kill.backMs / 1000).toFixed(2)} s`)
  }

  /** Resolves to true once the replica has restarted and is ready, or to false at the deadline. */
  async #isBack({ id, restarts }: Node, deadline: number): Promise<boolean> {
    while (this.time.monotonic() < deadline) {
      const node = (await this.client.nodes()).find(one => one.id === id)
      if (node && node.restarts > restarts && node.state === "ready") return true
      await sleep(POLL_MS, undefined, this.time)
    }
    return false
  }
}

/** `19:00:03.2`, in local time. */
export function timeOfDay(now = new Date()): string {
  const two = (value: number) => String(value).padStart(2, "0")
  const tenth = Math.floor(now.getMilliseconds() / 100)
  return `${two(now.getHours())}:${two(now.getMinutes())}:${two(now.getSeconds())}.${tenth}`
}
