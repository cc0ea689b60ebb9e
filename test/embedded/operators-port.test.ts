import { afterAll, beforeAll, expect, test } from "bun:test"
import { createServer } from "node:net"
import { ADMIN_TOKEN, freePort, System } from "../support/system.ts"

/** The operators' routes have a port of their own, which the public one cannot stand in for. */
let system: System
let operatorsPort: number

beforeAll(async () => {
  operatorsPort = await freePort()
  system = await System.start({ env: { OPERATORS_PORT: String(operatorsPort), REPLICAS: "2" } })
}, 60_000)
afterAll(() => system?.stop())

const statusOf = async (port: number, path: string) => {
  const headers = { Authorization: `Bearer ${ADMIN_TOKEN}`, Connection: "close" }
  return (await fetch(`http://127.0.0.1:${port}${path}`, { headers })).status
}

test("given OPERATORS_PORT, every replica serves the shop on PORT and everything on the other", async () => {
  for (let time = 0; time < 20; time++) {
    for (const path of ["/metrics", "/control", "/api/v1/admin/nodes", "/api/v1/admin/session"]) {
      expect([path, await statusOf(system.port, path), await statusOf(operatorsPort, path)]).toEqual([path, 404, 200])
    }
    expect([await statusOf(system.port, "/"), await statusOf(operatorsPort, "/")]).toEqual([200, 200])
  }
})

test("the banner leads operators to their port, with the command that proves the sale", () => {
  expect(system.printed).toContain(`The page       http://localhost:${system.port}/\n`)
  expect(system.printed).toContain(`Control room   http://localhost:${operatorsPort}/control\n`)
  expect(system.printed).toContain(`npm run audit -- --url http://localhost:${operatorsPort}      the proof`)
  expect(system.printed).not.toContain("reaches the control room")
})

test("a restarted replica listens on both again", async () => {
  const kill = `http://127.0.0.1:${operatorsPort}/api/v1/admin/nodes/node-1/drain`
  const answer = await fetch(kill, { method: "POST", headers: { Authorization: `Bearer ${ADMIN_TOKEN}` } })
  expect(answer.status).toBe(202)
  for (let time = 0; time < 20; time++) {
    expect([await statusOf(system.port, "/livez"), await statusOf(operatorsPort, "/metrics")]).toEqual([200, 200])
  }
})

test("the text of /metrics is made at most once a second, however often it is asked for", async () => {
  const began = performance.now()
  const texts = new Set<string>()
  let asked = 0
  while (asked <= 40 || performance.now() - began < 1500) {
    const answers = Array.from({ length: 20 }, () => fetch(`http://127.0.0.1:${operatorsPort}/metrics`))
    for (const answer of await Promise.all(answers)) {
      asked++
      const [, madeAt = ""] = /^# as of (\S+)\n(?!# as of)/m.exec(await answer.text()) ?? []
      texts.add(madeAt)
    }
  }
  const seconds = (performance.now() - began) / 1000
  expect(asked).toBeGreaterThan(40)
  expect(texts.size).toBeLessThanOrEqual(Math.ceil(seconds) + 1)
})

test.each<[string, Record<string, string>, boolean]>([
  ["HOST=0.0.0.0 alone", { HOST: "0.0.0.0" }, true],
  ["HOST=0.0.0.0 with OPERATORS_PORT", { HOST: "0.0.0.0", OPERATORS_PORT: "free" }, false],
  ["HOST=127.0.0.1 alone", {}, false],
])(
  "given %s, the start says in one line whether operators' routes are open to all",
  async (_, env, isSaid) => {
    const more = env.OPERATORS_PORT ? { OPERATORS_PORT: String(await freePort()) } : {}
    await using started = await System.start({ env: { ...env, ...more, REPLICAS: "1" } })
    const said = started.printed.split("\n").filter(line => line.includes("reaches the control room"))
    expect(said.length).toBe(isSaid ? 1 : 0)
    if (isSaid) expect(said[0]).toContain("OPERATORS_PORT=8081")
  },
  60_000,
)

test("an operators' port that is taken, or that is PORT, is one sentence", async () => {
  const server = createServer()
  await new Promise<void>(resolve => server.listen(0, "127.0.0.1", resolve))
  const { port } = server.address() as { port: number }
  const taken = System.start({ env: { OPERATORS_PORT: String(port), REPLICAS: "1" } })
  expect(taken).rejects.toThrow(`doorbuster: Port ${port} is taken; choose another with OPERATORS_PORT=8081, say.`)
  await taken.catch(() => {})
  server.close()
  const same = await freePort()
  const both = System.start({ port: same, env: { OPERATORS_PORT: String(same) } })
  expect(both).rejects.toThrow(`OPERATORS_PORT and PORT are both ${same}; each needs a port of its own.`)
  await both.catch(() => {})
}, 60_000)

test("given a replica that cannot sell, /readyz says why on the operators' port and nothing of the inside on the other", async () => {
  const [, supervisor] = await system.processTree()
  process.kill(supervisor!, "SIGSTOP")
  try {
    const why = async (port: number) => {
      const answer = await fetch(`http://127.0.0.1:${port}/readyz`, { headers: { Connection: "close" } })
      return [answer.status, ((await answer.json()) as { detail: string }).detail]
    }
    expect(await Promise.all([why(system.port), why(operatorsPort)])).toEqual([
      [503, "This replica cannot sell now."],
      [503, "The supervisor did not reply in time."],
    ])
  } finally {
    process.kill(supervisor!, "SIGCONT")
  }
}, 30_000)
