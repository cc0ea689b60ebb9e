import { expect, test } from "bun:test"
import { readFileSync } from "node:fs"
import { connect } from "node:net"
import { join } from "node:path"
import { effort } from "../../support/effort.ts"
import { eventually } from "../../support/eventually.ts"
import { Folder } from "../../support/launch.ts"
import { momentAfter, randomMoment } from "../../support/moments.ts"
import { isGone, processesOf } from "../../support/processes.ts"
import { SlowBuyer } from "../../support/slow-buyer.ts"
import { freePort, System } from "../../support/system.ts"

const ROOT = join(import.meta.dir, "../../..")
const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const
const STOPS = effort(20, 6)
/** A start takes 0.4 s on a quiet machine, so that some of these moments lie after it. */
const MOMENT_MAX_MS = 600
/** Longer than two signals may lie apart that count as one order. */
const SAME_ORDER_MS = 450
const STOPPED = "Stopped before it was open.\n"

function start(folder: Folder, port: number) {
  return Bun.spawn(["node", "bin/doorbuster.mjs", "up"], {
    cwd: ROOT,
    env: { ...process.env, PORT: String(port), DATA_DIR: folder.path, LOG_LEVEL: "warn" },
    stdio: ["ignore", "pipe", "pipe"],
  })
}

/** Whether the launcher has set its handlers. Node sets some of its own, but none for SIGHUP (1). */
function catchesSignals(pid: number): boolean {
  const caught = /^SigCgt:\s*([0-9a-f]+)/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? "0"
  return (BigInt(`0x${caught}`) & 1n) === 1n
}

test.each(SIGNALS)(
  "%s at a random moment of a start: exit code 0, one sentence, nothing left",
  async signal => {
    using folder = new Folder()
    const port = await freePort()
    for (let stop = 0; stop < STOPS; stop++) {
      const child = start(folder, port)
      await eventually("the launcher handles signals", () => catchesSignals(child.pid))
      await randomMoment(MOMENT_MAX_MS)
      // Once the system is open, SIGHUP asks for a rolling restart.
      child.kill(signal)
      const [out, err] = [new Response(child.stdout).text(), new Response(child.stderr).text()]
      if (signal === "SIGHUP") {
        await Promise.race([child.exited, momentAfter(performance.now(), MOMENT_MAX_MS)])
        child.kill("SIGTERM")
      }
      expect(await child.exited).toBe(0)
      const said = await out
      if (!said.includes("Ctrl-C")) expect(said).toBe(STOPPED)
      expect(await err).toBe("")
      expect(processesOf(folder.path).filter(pid => !isGone(pid))).toEqual([])
    }
    await using system = await System.start({ dataDir: folder.path, port })
    expect((await system.request("/readyz")).status).toBe(200)
  },
  120_000,
)

test("a second Ctrl-C ends it at once with exit code 130, although a purchase is still under way", async () => {
  using folder = new Folder()
  const system = await System.start({ dataDir: folder.path })
  await system.createSale("shoes")
  const buyer = new SlowBuyer(system, "slow")
  await eventually("a replica waits for the body", () => buyer.hasArrived)
  system.signal("SIGINT")
  await eventually("no replica listens", () => refuses(system.port))
  await momentAfter(performance.now(), SAME_ORDER_MS)
  expect(system.isRunning).toBe(true)
  system.signal("SIGINT")
  expect(await system.exited).toBe(130)
  expect(system.printed).toContain("Stopped at once; requests under way were cut off.\n")
  expect(await buyer.answer).toBe("")
  expect(processesOf(folder.path).filter(pid => !isGone(pid))).toEqual([])
  expect(await Bun.file(folder.file("doorbuster.db-wal")).exists()).toBe(false)
}, 30_000)

/** Whether a new connection to the port is refused. */
function refuses(port: number): Promise<boolean> {
  return new Promise(resolve => {
    const socket = connect(port, "127.0.0.1", () => resolve(false))
    socket.on("connect", () => socket.destroy())
    socket.on("error", () => resolve(true))
  })
}
