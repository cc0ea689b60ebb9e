import { expect, test } from "bun:test"
import { writeFileSync } from "node:fs"
import { connect } from "node:net"
import { holdNumber, holdPort } from "../../../src/processes/port.ts"
import { effort } from "../../support/effort.ts"
import { eventually } from "../../support/eventually.ts"
import { Folder, failedStart } from "../../support/launch.ts"
import { randomMoment } from "../../support/moments.ts"
import { freePort, System } from "../../support/system.ts"

// The kind: something that two systems share by accident. The kernel shares a port among the processes of one user, so the
// port is no proof that nobody else sells on it. Whoever starts replicas holds a name of its own for as long as it lives.

const TRIALS = effort(12, 3)
const APART_MAX_MS = 500

const sentence = (port: number) => `Port ${port} is taken by another Doorbuster; choose another with PORT=8081, say.`

test("given two starts within half a second on one port, exactly one opens, and the other says one sentence", async () => {
  for (let trial = 0; trial < TRIALS; trial++) {
    const port = await freePort()
    const first = await System.launch({ port, env: { REPLICAS: "1" } })
    await randomMoment(APART_MAX_MS)
    const second = await System.launch({ port, env: { REPLICAS: "1" } })
    const systems = [first, second]
    try {
      const opened = await Promise.allSettled(systems.map(system => system.open()))
      expect(opened.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"])
      const refused = systems[opened.findIndex(({ status }) => status === "rejected")]!
      expect(await refused.exited).toBe(1)
      expect(refused.printed).toBe(`doorbuster: ${sentence(port)}\n`)
    } finally {
      await Promise.all(systems.map(system => system.stop()))
    }
  }
}, 120_000)

test("given a system whose replicas are all dead, a second system on its port is refused, and the first comes back", async () => {
  using folder = new Folder()
  const broken = folder.file("broken")
  const saboteur = folder.file("saboteur.ts")
  writeFileSync(
    saboteur,
    `import { existsSync } from "node:fs"
     if (process.argv.includes("serve") && existsSync(${JSON.stringify(broken)})) process.exit(7)`,
  )
  await using system = await System.start({ env: { REPLICAS: "1", BUN_OPTIONS: `--preload=${saboteur}` } })
  writeFileSync(broken, "")
  const [, , replica] = await system.processTree()
  process.kill(replica!, "SIGKILL")
  await eventually("nobody listens", () => isRefused(system.port))
  const { code, out, err } = await failedStart(folder.file("data"), { PORT: String(system.port) })
  expect({ code, out, err }).toEqual({ code: 1, out: "", err: `doorbuster: ${sentence(system.port)}\n` })
  await Bun.file(broken).delete()
  await eventually("the first sells again", () =>
    fetch(`${system.url}/readyz`).then(
      ({ ok }) => ok,
      () => false,
    ),
  )
}, 60_000)

test.each([
  ["a name", (port: number) => holdPort("127.0.0.1", port)],
  ["a UDP port, where there are no such names", holdNumber],
])("given a port that is held by %s, it cannot be held twice, and is free afterwards", async (_, hold) => {
  const port = await freePort()
  const held = await hold(port)
  expect(await hold(port).catch(error => error.message)).toBe(sentence(port))
  await held[Symbol.asyncDispose]()
  await using _again = await hold(port)
})

test("given a port that another program has, holding it fails with another sentence and leaves nothing held", async () => {
  const port = await freePort()
  const other = Bun.listen({ hostname: "127.0.0.1", port, socket: { data() {} } })
  expect(await holdPort("127.0.0.1", port).catch(error => error.message)).toContain(`Port ${port} is taken`)
  other.stop(true)
  await using _held = await holdPort("127.0.0.1", port)
})

function isRefused(port: number): Promise<boolean> {
  return new Promise(resolve => {
    const socket = connect(port, "127.0.0.1", () => {
      socket.destroy()
      resolve(false)
    })
    socket.on("error", () => resolve(true))
  })
}
