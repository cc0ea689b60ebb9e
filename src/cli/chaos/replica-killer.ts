import type { Node } from "../../wire/wire.ts"
import { type AdminClient, NoAnswerError, RefusedError } from "../admin-client.ts"
import { CliError } from "../cli-error.ts"

const POLL_MS = 25
/** A replica that is not back after this long has failed the drill. */
const BACK_MS_MAX = 15_000

export interface Kill {
  nodeId: string
  /** By `performance.now()`. */
  at: number
  /** Absent when it did not come back in time. */
  backMs?: number
}

export interface KillPlan {
  kills: number
  everyMs: number
  signal: AbortSignal
  say(line: string): void
}

/** Kills one random ready node after the other and waits until each is back. */
export class ReplicaKiller {
  readonly kills: Kill[] = []

  constructor(private readonly client: AdminClient) {}

  get killed(): number {
    return this.kills.length
  }

  /** How long each took that came back. */
  get backMs(): number[] {
    return this.kills.flatMap(({ backMs }) => backMs ?? [])
  }

  async run({ kills, everyMs, signal, say }: KillPlan): Promise<void> {
    const start = performance.now()
    for (let count = 0; count < kills && !signal.aborted; count++) {
      await pause(start + (count + 0.5) * everyMs - performance.now(), signal)
      if (signal.aborted) return
      const ready = (await this.client.nodes()).filter(({ state }) => state === "ready")
      const victim = ready[Math.floor(Math.random() * ready.length)]
      if (victim) await this.#kill(victim, say)
    }
  }

  async #kill(victim: Node, say: (line: string) => void): Promise<void> {
    const at = timeOfDay()
    const start = performance.now()
    try {
      await this.client.kill(victim.id)
    } catch (error) {
      if (error instanceof RefusedError && [404, 405, 501].includes(error.status)) {
        throw new CliError("This system offers no kill: chaos is for the embedded system (npm start).")
      }
      // The victim itself may have served the request; whether it died is seen from its restarts.
      if (!(error instanceof NoAnswerError)) throw error
    }
    const kill: Kill = { nodeId: victim.id, at: start }
    this.kills.push(kill)
    const back = await this.#awaitBack(victim, start + BACK_MS_MAX)
    if (!back) {
      say(`${at} killed ${victim.id}; not back after ${BACK_MS_MAX / 1000} s`)
      return
    }
    const ms = performance.now() - start
    kill.backMs = ms
    say(`${at} killed ${victim.id}; back after ${(ms / 1000).toFixed(2)} s`)
  }

  async #awaitBack({ id, restarts }: Node, deadline: number): Promise<boolean> {
    while (performance.now() < deadline) {
      const node = (await this.client.nodes()).find(one => one.id === id)
      if (node && node.restarts > restarts && node.state === "ready") return true
      await new Promise(resume => setTimeout(resume, POLL_MS))
    }
    return false
  }
}

/** `19:00:03.2`, local time. */
export function timeOfDay(now = new Date()): string {
  const two = (value: number) => String(value).padStart(2, "0")
  const tenth = Math.floor(now.getMilliseconds() / 100)
  return `${two(now.getHours())}:${two(now.getMinutes())}:${two(now.getSeconds())}.${tenth}`
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  if (ms <= 0 || signal.aborted) return
  await new Promise<void>(resume => {
    const timer = setTimeout(done, ms)
    signal.addEventListener("abort", done, { once: true })
    function done(): void {
      clearTimeout(timer)
      signal.removeEventListener("abort", done)
      resume()
    }
  })
}
