import { expect } from "bun:test"
import { effort, SEED } from "../../support/effort.ts"
import { OPERATORS_PATHS } from "../../support/http/addresses.ts"
import { fuzzedRequests } from "../../support/http/fuzzed-requests.ts"
import { type HeadRequest, type PipelinedAnswer, pipelined } from "../../support/http/pipeline.ts"
import { needs } from "../../support/needs.ts"
import { Nginx } from "../../support/nginx.ts"
import { NGINX } from "../../support/programs.ts"
import { ADMIN_TOKEN, freePort, System } from "../../support/system.ts"
import { sharedSite } from "./replica.ts"

/**
 * Whatever is asked, with the administrator's token, no address reaches a route that its port does not have: nginx passes none on,
 * and the public listener of a replica has none. TEST_EFFORT=night sends a million.
 */
const REQUESTS = effort(100_000, 4_000, 1_000_000)
/** Of each test without CI=true. */
const BRIEFEST = 2_000
const AT_ONCE = 2_000
const TIME_MAX_MS = effort(300_000, 120_000, 3_600_000)

const suite = needs(NGINX)
const { test } = suite
const site = sharedSite(suite)

/** Asks `send` for `count` requests, a few thousand at a time. */
async function fuzz(count: number, seed: number, send: (requests: HeadRequest[]) => Promise<void>): Promise<void> {
  for (let sent = 0; sent < count; sent += AT_ONCE) {
    await send(fuzzedRequests(seed + sent, Math.min(AT_ONCE, count - sent), ADMIN_TOKEN))
  }
}

/** What one reader or another may take the address for. */
function readings(url: string): string[] {
  const path = url.replace(/[?#].*/s, "")
  const ways = [path, decoded(path), decoded(decoded(path)), path.toLowerCase()]
  return ways.flatMap(way => [
    way,
    way.replace(/;[^/]*/g, ""),
    new URL(`http://a${way.startsWith("/") ? "" : "/"}${way}`).pathname,
  ])
}

function decoded(text: string): string {
  return text
    .replace(/%[0-9a-f]{2}/gi, sent => String.fromCharCode(Number.parseInt(sent.slice(1), 16)))
    .replaceAll("\\", "/")
}

function isOperators(path: string): boolean {
  return OPERATORS_PATHS.includes(path) || /^\/+(?:metrics|control|api\/+v1\/+admin)(?:\/|$)/.test(path)
}

/** The addresses that the public server of `nginx` passes on, of these requests. */
async function passedOn(nginx: Nginx, requests: HeadRequest[]): Promise<string[]> {
  for (const node of site.nodes) node.asked.length = 0
  await pipelined(nginx.port, requests)
  return [...new Set(site.nodes.flatMap(node => node.asked.map(({ url }) => url)))]
}

const leadInside = (urls: readonly string[]) => urls.filter(url => readings(url).some(isOperators))

test(
  `${REQUESTS / 2} fuzzed requests: the public server passes on no address that any reader takes for an operators' one`,
  async () => {
    let passed = 0
    await fuzz(REQUESTS / 2, SEED, async requests => {
      const asked = await passedOn(site.nginx, requests)
      passed += asked.length
      expect(leadInside(asked)).toEqual([])
    })
    // Otherwise nothing was tried.
    expect(passed).toBeGreaterThan(REQUESTS / 1000)
  },
  TIME_MAX_MS,
)

test("given an nginx that refuses nothing, the briefest fuzz finds addresses that lead inside", async () => {
  await using nginx = await Nginx.start({ upstreams: site.nodes.map(({ port }) => port), refusesNothing: true })
  const found: string[] = []
  await fuzz(BRIEFEST, SEED, async requests => {
    found.push(...leadInside(await passedOn(nginx, requests)))
  })
  expect(found).not.toEqual([])
})

/** What the operators' routes answer to their administrator, and no other route does. */
const INSIDE =
  /^# (?:as of|HELP|TYPE) |^\{"(?:nodes|actions|facts|orders|ok|saleId|checks)":|<title>[^<]*[Cc]ontrol|^\{\}$/
const wasInside = ({ status, body }: PipelinedAnswer) => status < 300 && INSIDE.test(body)

test(
  `${REQUESTS / 2} fuzzed requests: neither nginx nor the replica behind it answers as an operators' route does`,
  async () => {
    const operatorsPort = await freePort()
    await using system = await System.start({ env: { OPERATORS_PORT: String(operatorsPort), REPLICAS: "2" } })
    const [upstreams, operatorsUpstreams] = [[system.port], [operatorsPort]]
    await using nginx = await Nginx.start({ upstreams, operatorsUpstreams, limits: { LIMITS: "off" } })
    const plain = OPERATORS_PATHS.map(target => ({
      method: "GET",
      target,
      headers: [`Authorization: Bearer ${ADMIN_TOKEN}`],
    }))
    const genuine = await pipelined(nginx.operatorsPort, plain)
    expect(genuine.filter(answer => answer && wasInside(answer)).length).toBeGreaterThanOrEqual(5)
    const statuses = new Map<number, number>()
    for (const [part, port] of [nginx.port, system.port].entries()) {
      await fuzz(REQUESTS / 4, SEED + 1 + part, async requests => {
        const answers = await pipelined(port, requests)
        for (const [at, answer] of answers.entries()) {
          statuses.set(answer?.status ?? 0, (statuses.get(answer?.status ?? 0) ?? 0) + 1)
          if (answer && wasInside(answer))
            throw new Error(`${JSON.stringify(requests[at])}\n${answer.body.slice(0, 300)}`)
        }
      })
    }
    expect([...statuses.keys()].filter(status => status >= 500 && status !== 505)).toEqual([])
    expect([...statuses.keys()]).toEqual(expect.arrayContaining([200, 400, 404, 405]))
  },
  TIME_MAX_MS,
)
