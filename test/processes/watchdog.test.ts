import { expect, test } from "bun:test"
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { Watchdog } from "../../src/processes/watchdog.ts"
import { systemTime } from "../../src/runtime/time.ts"
import { eventually } from "../support/eventually.ts"
import { isGone, killAll, processesOf } from "../support/processes.ts"

const STABLE_MS = 1_000
/** The process hangs half a second after its start and is killed five seconds later. */
const HANG_MAX_MS = 12_000

class TestWatchdog implements Disposable {
  readonly #folder = mkdtempSync(join(tmpdir(), "doorbuster-kept-"))
  readonly #behaviour = join(this.#folder, "behaviour")
  readonly #starts = join(this.#folder, "starts")
  #skippedMs = 0
  readonly said: { why?: string; delay?: number; text: string }[] = []
  readonly watchdog: Watchdog
  readonly ended: Promise<number>

  constructor(behaviour: string) {
    writeFileSync(this.#starts, "")
    this.now(behaviour)
    this.watchdog = new Watchdog({
      command: [process.execPath, join(import.meta.dir, "kept-process.ts")],
      env: { ...process.env, BEHAVIOUR: this.#behaviour, STARTS: this.#starts, DATA_DIR: this.#folder },
      time: { ...systemTime, monotonic: () => systemTime.monotonic() + this.#skippedMs },
      log: { warn: (fields, text) => this.said.push({ ...fields, text }) },
    })
    this.ended = this.watchdog.run()
  }

  /** Moves the watchdog's monotonic clock on, as if the process had lived for so much longer. */
  skip(ms: number): void {
    this.#skippedMs += ms
  }

  now(behaviour: string): void {
    writeFileSync(this.#behaviour, behaviour)
  }

  get starts(): number[] {
    return readFileSync(this.#starts, "utf8").split("\n").filter(Boolean).map(Number)
  }

  started(count: number, boundMs?: number): Promise<number> {
    return eventually(`start ${count}`, () => this.starts[count - 1], boundMs)
  }

  [Symbol.dispose](): void {
    killAll(processesOf(this.#folder))
    rmSync(this.#folder, { recursive: true })
  }
}

test("a killed process that was ready for a while is replaced at once", async () => {
  using kept = new TestWatchdog("well")
  const pid = await kept.started(1)
  kept.skip(STABLE_MS)
  process.kill(pid, "SIGKILL")
  expect(await kept.started(2)).not.toBe(pid)
  expect(kept.said).toEqual([{ why: "killed by SIGKILL", delay: 0, text: "process ended; starting another" }])
  kept.watchdog.stop("SIGTERM")
  expect(await kept.ended).toBe(3)
}, 30_000)

test("a process that keeps ending at once is restarted more and more slowly until a stop", async () => {
  using kept = new TestWatchdog("ends at once")
  await eventually("it was tried four times", () => kept.said.length === 4)
  expect(kept.said.map(({ delay }) => delay)).toEqual([100, 200, 400, 800])
  expect(kept.said[0]!.why).toBe("exit code 7")
  kept.watchdog.stop("SIGTERM")
  expect([0, 7]).toContain(await kept.ended)
}, 30_000)

test("a process whose event loop hangs is killed and replaced", async () => {
  using kept = new TestWatchdog("hangs")
  const pid = await kept.started(1)
  kept.now("well")
  await kept.started(2, HANG_MAX_MS)
  expect(isGone(pid)).toBe(true)
  expect(kept.said.map(({ text }) => text)).toEqual(["process hung; killing it", "process ended; starting another"])
  kept.watchdog.stop("SIGINT")
  expect(await kept.ended).toBe(4)
}, 30_000)

test("a restart replaces the process, and the watchdog keeps running", async () => {
  using kept = new TestWatchdog("well")
  const pid = await kept.started(1)
  kept.watchdog.restart()
  expect(await kept.started(2)).not.toBe(pid)
  expect(kept.said[0]!.why).toBe("exit code 3")
  kept.watchdog.stop("SIGTERM")
  expect(await kept.ended).toBe(3)
}, 30_000)

test("a process that ignores the order to stop is killed", async () => {
  using kept = new TestWatchdog("stubborn")
  await kept.started(1)
  kept.watchdog.stop("SIGTERM")
  expect(await kept.ended).toBe(137)
}, 30_000)
