import { gzipSync } from "node:zlib"
import type { Context, Next } from "hono"
import type { RequestEnv } from "./context.ts"
import { acceptsGzip } from "./static-file.ts"

/** A smaller answer fits into one packet anyway. */
const BYTES_MIN = 1024

/** Compresses JSON for clients that take it. Purchases are answered without the router, so they are never compressed. */
export async function compressJson(c: Context<RequestEnv>, next: Next): Promise<void> {
  await next()
  const { res } = c
  if (c.req.method === "HEAD" || !res.headers.get("content-type")?.startsWith("application/json")) return
  // The handler has answered by the encoding itself.
  if (/accept-encoding/i.test(res.headers.get("vary") ?? "")) return
  const plain = await res.arrayBuffer()
  const headers = new Headers(res.headers)
  const isLarge = plain.byteLength >= BYTES_MIN
  if (isLarge) headers.append("Vary", "Accept-Encoding")
  const zipped = isLarge && acceptsGzip(c.req.header("accept-encoding") ?? "")
  if (zipped) headers.set("Content-Encoding", "gzip")
  c.res = undefined
  c.res = new Response(zipped ? gzipSync(plain) : plain, { status: res.status, headers })
}
