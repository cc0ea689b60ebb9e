import { expect, test } from "bun:test"
import { existsSync, readFileSync } from "node:fs"
import { connect } from "node:net"
import { join } from "node:path"
import type { Order, OrderPage } from "../../../src/wire/wire.ts"
import { eventually } from "../../support/eventually.ts"
import { LiveReader } from "../../support/http/live-reader.ts"
import { RawConnection } from "../../support/http/raw-connection.ts"
import { Folder } from "../../support/launch.ts"
import { needs } from "../../support/needs.ts"
import { isIdle, isPending, isStopped, signalAll } from "../../support/processes.ts"
import { TIME } from "../../support/programs.ts"
import { slowness } from "../../support/slowness.ts"
import { DEMO_SALE, freePort, System } from "../../support/system.ts"
import { tokenOf } from "../../support/token.ts"

/** With nothing in flight. */
const STOP_MAX_MS = 2000

function lives(pid: number): boolean {
  try {
    return !readFileSync(`/proc/${pid}/stat`, "utf8").includes(") Z ")
  } catch {
    return false
  }
}

/** Stops the system by `stop`, and expects exit code 0, soon, with no process and no write-ahead log left. */
async function expectStops(system: System, stop: () => void | Promise<void>): Promise<void> {
  const tree = await system.processTree()
  expect(tree.length).toBe(5)
  await stop()
  const began = performance.now()
  expect(await system.exited).toBe(0)
  expect(performance.now() - began).toBeLessThan(STOP_MAX_MS * slowness())
  expect(tree.filter(lives)).toEqual([])
  expect(existsSync(join(system.dataDir, "doorbuster.db-wal"))).toBe(false)
}

test.each(["SIGINT", "SIGTERM"] as const)(
  "%s ends the system with exit code 0 and leaves no process",
  async signal => {
    const system = await System.start()
    await expectStops(system, () => system.signal(signal))
    await system.stop()
  },
  30_000,
)

/**
 * The launcher passes its own on as well. When each of them is taken depends on the machine's load; so the program stands
 * still until all have been sent. What counts as the same Ctrl-C by time is a matter of test/processes/stop-signals.test.ts.
 */
test("a Ctrl-C that reaches every process of the terminal twice is one orderly stop", async () => {
  const system = await System.start()
  const [launcher = 0, ...program] = await system.processTree()
  await expectStops(system, async () => {
    signalAll(program, "SIGSTOP")
    await eventually("the program stands still", () => program.every(isStopped))
    for (const pid of [launcher, launcher]) process.kill(pid, "SIGINT")
    const hasPassedOn = () => !isPending(launcher, "SIGINT") && isIdle(launcher)
    const haveIt = () => program.every(pid => isPending(pid, "SIGINT"))
    await eventually("the launcher has passed it on", () => hasPassedOn() && haveIt())
    for (const pid of [...program, ...program]) process.kill(pid, "SIGINT")
    signalAll(program, "SIGCONT")
  })
  await system.stop()
}, 30_000)

test("open streams and idle connections do not delay a stop", async () => {
  const system = await System.start()
  const readers = await Promise.all(Array.from({ length: 5 }, () => LiveReader.open(system.url, DEMO_SALE)))
  const idle = Array.from({ length: 10 }, () => new RawConnection(system.port))
  for (const connection of idle) await connection.exchange({ method: "GET", path: "/livez", headers: [] })
  await expectStops(system, () => system.signal("SIGTERM"))
  await Promise.all(readers.map(({ ended }) => ended))
  for (const connection of idle) connection.close()
  await system.stop()
}, 30_000)

test("a stop finishes the requests under way: the orders kept are exactly the orders answered", async () => {
  using folder = new Folder()
  const system = await System.start({ dataDir: folder.path })
  await system.createSale("rush", { total: 100_000 })
  const told: string[] = []
  let stopping = false
  const lanes = Array.from({ length: 24 }, async (_, lane) => {
    for (let at = 0; !stopping; at++) {
      // Refused connections are no answers, and no orders either.
      const response = await system.buy("rush", tokenOf(`${lane}-${at}`), "k").catch(() => undefined)
      if (response?.status === 201) told.push(((await response.json()) as Order).id)
    }
  })
  await eventually("some have bought", () => told.length > 100)
  system.signal("SIGTERM")
  expect(await system.exited).toBe(0)
  stopping = true
  await Promise.all(lanes)
  expect(told.length).toBeGreaterThan(100)
  const again = await System.start({ dataDir: folder.path, port: system.port })
  const kept: string[] = []
  for (let after: number | undefined = 0; after !== undefined; ) {
    const page: OrderPage = await again.admin("GET", `/sales/rush/orders?limit=1000&after=${after}`)
    kept.push(...page.orders.map(({ id }) => id))
    after = page.next
  }
  expect(kept.sort()).toEqual(told.sort())
  await again.stop()
}, 60_000)

/** Half a body may become a purchase, so a stop waits for the rest, but not for long. */
needs(TIME).test(
  "a client that sends half a request delays a stop only for a bounded time",
  async () => {
    const system = await System.start()
    const halves = ["POST /api/v1/sessions HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nhal", "GET /li", ""]
    const sockets = halves.map(half => {
      const socket = connect(system.port, "127.0.0.1", () => socket.write(half))
      return socket.on("error", () => {})
    })
    await Bun.sleep(300)
    system.signal("SIGTERM")
    const began = performance.now()
    expect(await system.exited).toBe(0)
    expect(performance.now() - began).toBeLessThan((STOP_MAX_MS + 6000) * slowness())
    for (const socket of sockets) socket.destroy()
    await system.stop()
  },
  30_000,
)

test("the system can be started again at once, on the same port", async () => {
  using folder = new Folder()
  const port = await freePort()
  for (let round = 0; round < 3; round++) {
    const system = await System.start({ dataDir: folder.path, port, env: { REPLICAS: "1" } })
    expect((await system.request("/readyz")).status).toBe(200)
    expect(await system.stop()).toBe(0)
  }
}, 60_000)
