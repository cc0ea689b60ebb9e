import { expect } from "bun:test"
import { httpSources } from "../../../src/cli/audit/sources.ts"
import type { Order } from "../../../src/wire/wire.ts"
import { Crowd } from "../../support/crowd.ts"
import { eventually } from "../../support/eventually.ts"
import { needs } from "../../support/needs.ts"
import { DOCKER } from "../../support/programs.ts"
import { tokenOf } from "../../support/token.ts"
import { expectAllWell } from "../../support/verdict.ts"
import { ComposeStack } from "./stack.ts"

const { afterAll, beforeAll, test } = needs(DOCKER)

/** compose.yaml on a real Docker engine, started once and without preparation. The tests build on each other. */
const MINUTE = 60_000
const NAMES = ["web-1", "web-2", "web-3", "worker-1", "nginx-1", "valkey-1", "postgres-1", "prometheus-1", "grafana-1"]

let stack: ComposeStack

beforeAll(async () => {
  stack = await ComposeStack.start()
}, 10 * MINUTE)
afterAll(() => stack?.remove(), 2 * MINUTE)

async function createSale(id: string, total: number): Promise<void> {
  await stack.admin.create({
    id,
    name: id,
    description: "",
    checkout: "instant",
    limitPerCustomer: 1,
    opensAt: new Date(Date.now() - 1000).toISOString(),
    items: [{ sku: id, name: id, price: { amount: 100, currency: "IDR" }, total }],
  })
}

function buy(sale: string, customer: string): Promise<Response> {
  return fetch(`${stack.url}/api/v1/sales/${sale}/orders`, {
    method: "POST",
    headers: { Authorization: `Bearer ${tokenOf(customer, {}, stack.sessionSecret)}`, "Idempotency-Key": customer },
    body: JSON.stringify({ sku: sale }),
  })
}

async function isReady(): Promise<boolean> {
  return (await fetch(`${stack.url}/readyz`).catch(() => undefined))?.ok ?? false
}

async function ordersOf(sale: string): Promise<Order[]> {
  const orders: Order[] = []
  for (let after: number | undefined = 0; after !== undefined; ) {
    const page: { orders: Order[]; next?: number | undefined } = await stack.admin.orders(sale, after)
    orders.push(...page.orders)
    after = page.next
  }
  return orders
}

test("it sells as soon as docker compose up returns", async () => {
  expect(await isReady()).toBe(true)
  const sale = await stack.admin.sale("iphone-17-pro-max")
  expect(sale.items[0]).toMatchObject({ total: 100, free: 100 })
  const nodes = await stack.admin.nodes()
  expect(nodes.map(({ id, state }) => `${id} ${state}`).sort()).toEqual(["web-1 ready", "web-2 ready", "web-3 ready"])
})

test("the logs contain the admin token once and the session secret never", async () => {
  const shown = await stack.compose("logs", "--no-log-prefix", "secrets")
  expect(shown.split(stack.adminToken).length).toBe(2)
  const all = await stack.compose("--profile", "*", "logs", "--no-color")
  expect(all).not.toContain(stack.sessionSecret)
  expect(all.split(stack.adminToken).length).toBe(2)
})

test.each(NAMES)("%s runs without root rights and capabilities on a read-only file system", async name => {
  const status = await stack.docker("exec", stack.container(name), "cat", "/proc/1/status")
  if (!name.startsWith("grafana")) expect(/^Uid:\s+(\d+)/m.exec(status)![1]).not.toBe("0")
  expect(/^CapEff:\s+([0-9a-f]+)/m.exec(status)![1]).toMatch(/^0+$/)
  expect(/^NoNewPrivs:\s+(\d)/m.exec(status)![1]).toBe("1")
  expect(await stack.inspect(name, "{{.HostConfig.ReadonlyRootfs}}")).toBe("true")
})

test("the public port serves only the shop, and the operators' port on this machine serves everything", async () => {
  const statuses = async (origin: string) =>
    Promise.all(["/", "/metrics", "/control"].map(async path => (await fetch(origin + path)).status))
  expect(await statuses(stack.url)).toEqual([200, 404, 404])
  expect(await statuses(stack.operatorsUrl)).toEqual([200, 200, 200])
  expect(await stack.inspect("nginx-1", '{{(index (index .NetworkSettings.Ports "8081/tcp") 0).HostIp}}')).toBe(
    "127.0.0.1",
  )
})

test(
  "Prometheus scrapes every replica and the worker",
  async () => {
    const jobs = await eventually(
      "four targets are up",
      async () => {
        const response = await fetch(`${stack.prometheusUrl}/api/v1/query?query=${encodeURIComponent("up == 1")}`)
        const { data } = (await response.json()) as { data: { result: { metric: { job: string } }[] } }
        return data.result.length === 4 && data.result.map(({ metric }) => metric.job)
      },
      MINUTE,
    )
    expect(jobs.sort()).toEqual(["web", "web", "web", "worker"])
  },
  MINUTE,
)

test.each(["demo:balance", "demo:stress", "demo:chaos"])(
  "npm run %s passes",
  async script => {
    const { code, out } = await stack.npm(script)
    if (code !== 0) console.log(out)
    expect(out).toContain("PASSED")
    expect(code).toBe(0)
  },
  4 * MINUTE,
)

/** On a quiet machine, starting a program ten times takes a second. */
const STARTS_MAX = 10

test(
  `a process that crashes inside its container is replaced in less than ${STARTS_MAX} times a program's start`,
  async () => {
    const ratios: number[] = []
    for (const name of ["web-1", "web-2", "web-3"]) {
      const node = async () => (await stack.admin.nodes()).find(({ id }) => id === name)!
      const { pid, startedAt } = await node()
      const startMs = await stack.timeToStart(name)
      const kill = `date +%s%3N; kill -9 ${pid}`
      const killedAt = Number(await stack.docker("exec", stack.container(name), "sh", "-c", kill))
      const after = await eventually(
        `${name} is back`,
        async () => {
          const now = await node()
          return now.state === "ready" && now.startedAt !== startedAt && now
        },
        MINUTE,
      )
      const replacedMs = Date.parse(after.startedAt) - killedAt
      // The load of the machine varies, so this measures before and after.
      const probeMs = Math.max(startMs, await stack.timeToStart(name))
      console.log(`  ${name} was replaced after ${replacedMs} ms; starting a program took ${probeMs.toFixed(0)} ms`)
      ratios.push(replacedMs / probeMs)
      expect(await stack.inspect(name, "{{.RestartCount}}")).toBe("0")
    }
    expect(Math.min(...ratios)).toBeLessThan(STARTS_MAX)
  },
  3 * MINUTE,
)

test(
  "given buyers, when every container restarts, no order is lost",
  async () => {
    await createSale("restarts", 20_000)
    const crowd = new Crowd(stack.url, "restarts", { rate: 40, secret: stack.sessionSecret })
    for (const name of ["web-2", "worker-1", "nginx-1", "postgres-1", "valkey-1"]) {
      await stack.docker("restart", stack.container(name))
      const before = crowd.answered
      await eventually(`buyers are answered after ${name}`, () => crowd.answered > before + 40, MINUTE)
    }
    const { answered, healed } = await expectAllWell(crowd, httpSources(stack.admin).of("restarts"))
    console.log(`  ${answered} buyers answered, ${healed} requests healed by a retry`)
    crowd.deleteHistory()
  },
  5 * MINUTE,
)

test(
  "nginx finds a fourth replica by DNS, and buyers get no error when it is removed",
  async () => {
    await createSale("scaled", 20_000)
    const served = async () => (await fetch(`${stack.url}/livez`)).headers.get("x-served-by")
    await stack.compose("up", "-d", "--no-recreate", "--scale", "web=4")
    await eventually("the fourth replica serves", async () => (await served()) === "web-4", MINUTE)
    let isDone = false
    const leaving = stack.compose("up", "-d", "--no-recreate", "--scale", "web=3").finally(() => {
      isDone = true
    })
    const statuses = new Map<number, number>()
    for (let buyer = 0; !isDone; buyer++) {
      const { status } = await buy("scaled", `buyer-${buyer}`)
      statuses.set(status, (statuses.get(status) ?? 0) + 1)
    }
    await leaving
    expect([...statuses.keys()]).toEqual([201])
  },
  3 * MINUTE,
)

test(
  "down and up keeps every order and every secret",
  async () => {
    await createSale("kept", 50)
    const bought = await Promise.all(Array.from({ length: 20 }, (_, at) => buy("kept", `buyer-${at}`)))
    expect(new Set(bought.map(({ status }) => status))).toEqual(new Set([201]))
    const before = await ordersOf("kept")
    const restarted = await ordersOf("restarts")
    expect(before.length).toBe(20)
    const { adminToken, sessionSecret } = stack
    await stack.down()
    await stack.compose("up", "-d")
    await stack.readSecrets()
    expect([stack.adminToken, stack.sessionSecret]).toEqual([adminToken, sessionSecret])
    expect(await ordersOf("kept")).toEqual(before)
    expect(await ordersOf("restarts")).toEqual(restarted)
    const again = await buy("kept", "buyer-0")
    expect([again.status, again.headers.get("idempotency-replayed")]).toEqual([200, "true"])
    expect((await buy("kept", "late")).status).toBe(201)
    for (const sale of ["kept", "restarts"]) {
      const { ok } = (await (
        await fetch(`${stack.operatorsUrl}/api/v1/admin/sales/${sale}/audit`, {
          headers: { Authorization: `Bearer ${stack.adminToken}` },
        })
      ).json()) as { ok: boolean }
      expect([sale, ok]).toEqual([sale, true])
    }
  },
  5 * MINUTE,
)

test(
  "with the profile heal, a killed replica restarts and a stopped one does not",
  async () => {
    await stack.compose("--profile", "heal", "up", "-d", "--no-recreate", "heal")
    await stack.docker("stop", stack.container("web-3"))
    await stack.docker("kill", stack.container("web-1"))
    const isUp = async (name: string) => (await stack.inspect(name, "{{.State.Running}}")) === "true"
    await eventually("web-1 is back", () => isUp("web-1"), MINUTE)
    const log = await stack.compose("--profile", "heal", "logs", "--no-log-prefix", "heal")
    expect(log).toContain(`started ${stack.container("web-1")}, which had been killed`)
    expect(await isUp("web-3")).toBe(false)
  },
  2 * MINUTE,
)
