import { afterAll, beforeAll, expect, test } from "bun:test"
import fc from "fast-check"
import type { AuditReport, FactPage, NodeList } from "../../src/wire/wire.ts"
import { effort, SEED } from "../support/effort.ts"
import { caughtUp } from "../support/http/caught-up.ts"
import { ApiDocument } from "../support/http/document.ts"
import { RawConnection, type RawRequest } from "../support/http/raw-connection.ts"
import type { RawAnswer } from "../support/http/raw-parser.ts"
import { System } from "../support/system.ts"
import { Explanations, salesOf } from "./explained.ts"
import { createFuzzSales } from "./fuzz-sales.ts"
import { requests } from "./request-arbitrary.ts"

const LANES = 8
const REQUESTS = effort(100_000, 4_000)
/** A 422 needs two purchases with one key, and a quick run is too short for that. */
const DEPTHS = effort([200, 201, 400, 401, 404, 409, 413, 422], [200, 201, 400, 401, 404, 409, 413])
/** Their bodies have rules that JSON Schema cannot express, such as an end after the beginning. */
const RULES_BEYOND_SCHEMA = ["createSale", "amendSale", "addCredential"]

let system: System
let document: ApiDocument

beforeAll(async () => {
  system = await System.start()
  document = await ApiDocument.of(system.url)
}, 30_000)
afterAll(() => system.stop())

test(`${REQUESTS} requests get no 5xx, every response is as documented, and every change was in a response`, async () => {
  const sales = await createFuzzSales(system)
  const explanations = await Explanations.from(system)
  const statuses = new Map<number, number>()
  const lanes = Array.from({ length: LANES }, async (_, lane) => {
    const connection = new RawConnection(system.port)
    const answered = async (request: RawRequest) => {
      const answer = await connection.exchange(request)
      statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1)
      explanations.hear(document.operationAt(request.method, request.path), answer)
      const fault = document.faultOf(request.method, request.path, answer) ?? judge(request, answer)
      if (fault) throw new Error(`${fault}\n${JSON.stringify(answer.body.slice(0, 500))}`)
    }
    const property = fc.asyncProperty(requests(document, sales), answered)
    await fc.assert(property, {
      seed: SEED + lane,
      endOnFailure: false,
      numRuns: Math.ceil(REQUESTS / LANES),
      interruptAfterTimeLimit: 280_000,
    })
    connection.close()
  })
  await Promise.allSettled(lanes)
  await Promise.all(lanes)
  expect(await explanations.unexplained()).toEqual([])
  // The fuzz reaches the rules behind the parsers only if some of its requests succeed.
  const reached = [...statuses.keys()].filter(status => DEPTHS.includes(status))
  expect(reached.sort()).toEqual(DEPTHS)
}, 300_000)

test("afterwards no replica has died, every audit passes, and a restart reads the same sales", async () => {
  const { nodes } = await system.admin<NodeList>("GET", "/nodes")
  expect(nodes.map(({ restarts }) => restarts)).toEqual([0, 0, 0])
  const known = await salesOf(system)
  await caughtUp(system, ...known.map(({ id }) => id))
  const sales = await salesOf(system)
  for (const { id } of sales) {
    const { checks } = await system.admin<AuditReport>("GET", `/sales/${id}/audit`)
    expect(checks.filter(({ ok }) => !ok)).toEqual([])
  }
  const { dataDir, port } = system
  system.signal("SIGTERM")
  expect(await system.exited).toBe(0)
  system = await System.start({ dataDir, port })
  const still = ({ now: _, ...sale }: (typeof sales)[number]) => sale
  const reread = await salesOf(system)
  expect(reread.map(({ id }) => id)).toEqual(sales.map(({ id }) => id))
  for (const [at, sale] of sales.entries()) {
    const { facts } = await system.admin<FactPage>("GET", `/sales/${sale.id}/facts?after=${sale.seq}`)
    // Holds may expire at any time, also while the system restarts.
    expect(facts.filter(({ reason }) => reason !== "expired")).toEqual([])
    if (facts.length === 0) expect([reread[at]].map(one => one && still(one))).toEqual([still(sale)])
  }
}, 120_000)

/** Compares the answer's status with whether the request matches its schema. */
function judge(request: RawRequest, { status, body }: RawAnswer): string | undefined {
  const operation = document.operationAt(request.method, request.path)
  const schema = operation && document.bodySchema(operation)
  if (!operation || !schema || status === 401 || status === 413) return undefined
  const fault = document.requests.faultOf(parsed(request.body), schema)
  if (fault && status < 300) return `accepted although ${fault}`
  if (fault || status !== 400 || RULES_BEYOND_SCHEMA.includes(operation.operationId)) return undefined
  const { path = "" } = JSON.parse(body) as { path?: string }
  return operation.parameters.some(({ name }) => name === path) ? undefined : "refused although it is valid"
}

function parsed(body: Uint8Array | string | undefined): unknown {
  try {
    return body === undefined || body.length === 0 ? {} : JSON.parse(new TextDecoder().decode(Buffer.from(body)))
  } catch {
    return Symbol("not JSON")
  }
}
