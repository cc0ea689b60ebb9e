import { expect } from "bun:test"
import { gunzipSync, gzipSync } from "node:zlib"
import { eventually } from "../../support/eventually.ts"
import { needs } from "../../support/needs.ts"
import { NGINX } from "../../support/programs.ts"
import { type Answerer, sharedSite } from "./replica.ts"

const suite = needs(NGINX)
const { beforeEach, test } = suite

/** The replicas send this with a sale: see src/http/api/sales.ts. */
const SALE = "public, max-age=1, stale-while-revalidate=1"
/** Times that no test outlasts, however busy the machine is. */
const LASTING = "public, max-age=600"
const SOON_STALE = "public, max-age=1, stale-while-revalidate=600"
/** nginx counts whole seconds, so one second fresh and one stale last at most three. */
const FORGOTTEN_MS = 3100

const site = sharedSite(suite)
let count = 0

beforeEach(() => {
  count = 0
  everywhere(numbered(LASTING))
})

function everywhere(answer: Answerer): void {
  for (const node of site.nodes) node.answer = answer
}

/** Answers with a counter, so that a cached answer shows the same number. */
function numbered(cacheControl: string, headers: Record<string, string> = {}): Answerer {
  return (_, response) => response.writeHead(200, { "Cache-Control": cacheControl, ...headers }).end(String(++count))
}

async function read(path: string, headers: Record<string, string> = {}, origin = site.nginx.url): Promise<string> {
  return (await fetch(origin + path, { headers })).text()
}

let made = 0
/** A path that is not cached yet. */
const newPath = () => `/api/v1/sales/sale-${++made}`

test.each(["/api/v1/sales", "/api/v1/sales/crowded", "/", "/sales/crowded"])(
  "a hundred concurrent readers of %s cost the replicas one answer",
  async path => {
    const seen = await Promise.all(Array.from({ length: 100 }, () => read(path)))
    expect(new Set(seen)).toEqual(new Set(["1"]))
    expect(count).toBe(1)
  },
)

test("while nginx fetches a new copy, readers get the last one without waiting", async () => {
  const path = newPath()
  everywhere(numbered(SOON_STALE))
  expect(await read(path)).toBe("1")
  const slow = Promise.withResolvers<void>()
  let isFetched = false
  everywhere(async (asked, response, socket) => {
    isFetched = true
    await slow.promise
    numbered(SOON_STALE)(asked, response, socket)
  })
  await eventually("a newer copy is fetched", async () => {
    expect(await read(path)).toBe("1")
    return isFetched
  })
  const seen = await Promise.all(Array.from({ length: 20 }, () => read(path)))
  expect(new Set(seen)).toEqual(new Set(["1"]))
  slow.resolve()
  await eventually("the newer copy is shown", async () => (await read(path)) !== "1")
})

test("a copy that is too old is fetched again", async () => {
  const path = newPath()
  everywhere(numbered(SALE))
  expect(await read(path)).toBe("1")
  await Bun.sleep(FORGOTTEN_MS)
  expect(await read(path)).toBe("2")
})

test("when no replica answers, readers get the last copy, and 503 for a path without one", async () => {
  const path = newPath()
  everywhere(numbered(SALE))
  expect(await read(path)).toBe("1")
  for (const node of site.nodes) await node.die()
  await Bun.sleep(FORGOTTEN_MS)
  const stale = await fetch(site.nginx.url + path)
  const other = await fetch(site.nginx.url + newPath())
  for (const node of site.nodes) await node.listen()
  expect([stale.status, await stale.text()]).toEqual([200, "1"])
  expect([other.status, (await other.json()).code]).toEqual([503, "outcome_unknown"])
})

test("a query string bypasses the cache for a page but not for the API", async () => {
  const path = newPath()
  expect([await read(path), await read(`${path}?a=1`), await read(`${path}?a=2`)]).toEqual(["1", "1", "1"])
  expect(await read("/sales/asked")).toBe("2")
  expect([await read("/sales/asked?plain"), await read("/sales/asked?plain")]).toEqual(["3", "4"])
  expect(await read("/sales/asked")).toBe("2")
})

test("a request with credentials bypasses the cache, and its answer is not stored", async () => {
  const path = newPath()
  expect(await read(path, { Authorization: "Bearer me" })).toBe("1")
  expect(await read(path)).toBe("2")
  expect(await read(path, { Authorization: "Bearer me" })).toBe("3")
  expect(await read(path)).toBe("2")
  expect(await read(path, { Authorization: "Bearer me" }, site.nginx.operatorsUrl)).toBe("4")
})

test("a request with Cache-Control: no-cache gets a new answer", async () => {
  const path = newPath()
  expect([await read(path), await read(path, { "Cache-Control": "no-cache" })]).toEqual(["1", "2"])
})

test("answers with a cookie or with no-store are not stored", async () => {
  everywhere(numbered(LASTING, { "Set-Cookie": "session=secret" }))
  const path = newPath()
  expect([await read(path), await read(path)]).toEqual(["1", "2"])
  everywhere(numbered("no-store"))
  expect([await read(path), await read(path)]).toEqual(["3", "4"])
})

test("a request for a cached answer reaches the replica without its cookie", async () => {
  await read(newPath(), { Cookie: "session=mine" })
  await read("/sales/own?plain", { Cookie: "session=mine" })
  const cookies = site.nodes.flatMap(({ asked }) => asked.slice(-2)).map(({ url, headers }) => [url, headers.cookie])
  expect(cookies).toContainEqual(["/sales/own?plain", "session=mine"])
  expect(cookies.filter(([url]) => url === `/api/v1/sales/sale-${made}`)).toEqual([
    [`/api/v1/sales/sale-${made}`, undefined],
  ])
})

test("files are cached once compressed and once not, for as long as Cache-Control says", async () => {
  everywhere((asked, response) => {
    const packs = asked.headers["accept-encoding"]?.includes("gzip")
    const headers = { "Cache-Control": "public, max-age=31536000, immutable", Vary: "Accept-Encoding" }
    const text = `file ${++count}`
    if (packs) response.writeHead(200, { ...headers, "Content-Encoding": "gzip" }).end(gzipSync(text))
    else response.writeHead(200, headers).end(text)
  })
  for (let time = 0; time < 3; time++) {
    const packed = await fetch(`${site.nginx.url}/assets/main-1a2b.js`, {
      headers: { "Accept-Encoding": "gzip, br" },
      decompress: false,
    })
    expect(packed.headers.get("content-encoding")).toBe("gzip")
    expect(packed.headers.get("cache-control")).toBe("public, max-age=31536000, immutable")
    expect(gunzipSync(await packed.bytes()).toString()).toBe("file 1")
    expect(await read("/assets/main-1a2b.js", { "Accept-Encoding": "identity" })).toBe("file 2")
  }
})

test("nginx compresses a long answer of the API", async () => {
  const list = JSON.stringify({ sales: Array.from({ length: 100 }, (_, id) => ({ id })) })
  everywhere((_, response) => response.writeHead(200, { "Content-Type": "application/json" }).end(list))
  const response = await fetch(site.nginx.url + newPath(), {
    headers: { "Accept-Encoding": "gzip" },
    decompress: false,
  })
  expect(response.headers.get("content-encoding")).toBe("gzip")
  expect(gunzipSync(await response.bytes()).toString()).toBe(list)
})

test("a file that only some replicas have is found", async () => {
  everywhere((_, response) => response.writeHead(404, { "Cache-Control": "no-store" }).end())
  site.nodes[0].answer = numbered("public, max-age=31536000, immutable")
  site.nodes[1].answer = numbered("public, max-age=31536000, immutable")
  const found = await Promise.all(Array.from({ length: 9 }, (_, at) => read(`/assets/new-${at}.js`)))
  expect(found.filter(text => text === "")).toEqual([])
})
