import { gzipSync } from "node:zlib"

const WATCH_MS = 2_000
/** What a browser loads for the launch page besides the page. */
const LOADED = /(?:src|href)="(\/[^"]+\.(?:js|css|svg))"/g

/** The bytes a second of one viewer's live stream of the sale whose orders go to `ordersUrl`, without heads. */
export async function watchLive(ordersUrl: string): Promise<number> {
  const stop = AbortSignal.timeout(WATCH_MS)
  let bytes = 0
  const from = performance.now()
  try {
    const response = await fetch(ordersUrl.replace(/orders$/, "live"), { signal: stop })
    if (!response.ok || !response.body) throw new Error(`the live stream got status ${response.status}`)
    for await (const chunk of response.body) bytes += chunk.length
  } catch (error) {
    if (!stop.aborted) throw error
  }
  return Math.round((bytes * 1000) / (performance.now() - from))
}

/** The launch page of a sale with scripts and styles, each compressed as a proxy would send it. */
export async function pageBytes(origin: string, ordersPath: string): Promise<number> {
  const [, sale = ""] = /sales\/([^/]+)/.exec(ordersPath) ?? []
  const page = await read(`${origin}/sales/${sale}`)
  const parts = [...new Set([...page.toString().matchAll(LOADED)].map(([, path]) => path))]
  const all = [page, ...(await Promise.all(parts.map(path => read(origin + path))))]
  return all.reduce((sum, text) => sum + gzipSync(text).length, 0)
}

async function read(url: string): Promise<Buffer> {
  const response = await fetch(url)
  if (!response.ok) throw new Error(`${url} got status ${response.status}`)
  return Buffer.from(await response.arrayBuffer())
}
