import { expect } from "bun:test"
import type { Node, NodeList } from "../../../src/wire/wire.ts"
import { eventually } from "../../support/eventually.ts"
import { needs } from "../../support/needs.ts"
import { NGINX, POSTGRES, REDIS } from "../../support/programs.ts"
import { Scrape } from "../../support/scrape.ts"
import { NativeStack } from "../../support/stack.ts"
import { tokenOf } from "../../support/token.ts"

const { test } = needs(REDIS, POSTGRES, NGINX)

async function readiness(url: string): Promise<[status: number, detail: string]> {
  const response = await fetch(`${url}/readyz`)
  const text = await response.text()
  return [response.status, response.ok ? text : (JSON.parse(text) as { detail: string }).detail]
}

function bothNodes(stack: NativeStack): Promise<Node[]> {
  return eventually("both nodes are ready", async () => {
    const { nodes } = await stack.admin<NodeList>("GET", "/nodes")
    return nodes.length === 2 && nodes.every(({ state }) => state === "ready") && nodes
  })
}

test("replicas that start without store and ledger say why they are not ready, and sell once both are up", async () => {
  await using stack = await NativeStack.start({ replicas: 2 })
  await stack.createSale("before", { total: 10 })
  expect((await bothNodes(stack)).map(({ restarts }) => restarts)).toEqual([0, 0])
  await stack.redis.kill()
  await stack.postgres.stop()
  for (const replica of stack.replicas) expect(await replica.stop()).toBe(0)
  for (const replica of stack.replicas) replica.start()
  for (const url of stack.urls) {
    await eventually(`${url} listens`, () =>
      fetch(`${url}/livez`).then(
        ({ ok }) => ok,
        () => false,
      ),
    )
    const [status, why] = await readiness(url)
    expect(status).toBe(503)
    expect(why).toMatch(/^The store at 127\.0\.0\.1:\d+ cannot be reached[^\n]+\.$/)
    // Saved counters cannot be read yet, so the replica exports none: otherwise they would jump later.
    expect((await Scrape.of(url)).types.has("flash_sale_requests_total")).toBe(false)
  }
  const refused = await stack.buy("before", tokenOf("ann"), "k")
  expect([refused.status, ((await refused.json()) as { code: string }).code]).toEqual([503, "overloaded"])

  // The store alone is not enough: no worker has compared it with the ledger.
  stack.redis.start()
  await eventually("the gate is seen closed", async () => (await readiness(stack.url))[1].includes("compared"))
  expect(((await (await stack.buy("before", tokenOf("ann"), "k")).json()) as { code: string }).code).toBe("reconciling")
  await stack.postgres.start()
  await stack.ready()
  expect((await stack.buy("before", tokenOf("ann"), "k")).status).toBe(201)
  expect((await bothNodes(stack)).map(({ restarts }) => restarts)).toEqual([1, 1])
}, 120_000)

test("a replica stops with exit code 0 although store and ledger are down", async () => {
  await using stack = await NativeStack.start({ replicas: 1 })
  await stack.redis.kill()
  await stack.postgres.stop()
  expect(await stack.replicas[0]!.stop()).toBe(0)
  expect(await stack.worker.stop()).toBe(0)
}, 120_000)
