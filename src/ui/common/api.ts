import type { Problem } from "../../wire/wire.ts"

/** What came back. `status` 0 means that nothing did: whether the request took effect is then unknown. */
export interface Answer<T> {
  status: number
  ms: number
  node: string
  body?: T
  problem?: Problem
  replayed: boolean
  retryAfterMs: number
}

export interface Ask {
  method?: "GET" | "POST" | "PATCH" | "DELETE"
  json?: unknown
  headers?: Record<string, string>
  timeoutMs?: number
  /** Sends no cookie and keeps none. */
  anonymous?: boolean
  cache?: RequestCache
}

const TIMEOUT_MS = 10_000

/** One request to this origin. Never throws: a broken connection is an answer of status 0. */
export async function ask<T>(
  path: string,
  { method = "GET", json, headers, timeoutMs = TIMEOUT_MS, anonymous, cache = "no-store" }: Ask = {},
) {
  const start = performance.now()
  try {
    const response = await fetch(path, {
      method,
      headers: { ...headers, ...(json !== undefined && { "content-type": "application/json" }) },
      body: json === undefined ? undefined : JSON.stringify(json),
      cache,
      credentials: anonymous ? "omit" : "same-origin",
      signal: AbortSignal.timeout(timeoutMs),
    })
    return await read<T>(response, start)
  } catch {
    return nothing<T>(start)
  }
}

async function read<T>(response: Response, start: number): Promise<Answer<T>> {
  const type = response.headers.get("content-type") ?? ""
  const body: unknown = type.includes("json") ? await response.json() : await response.text()
  return {
    status: response.status,
    ms: performance.now() - start,
    node: response.headers.get("x-served-by") ?? "",
    ...(response.ok ? { body: body as T } : type.includes("problem+json") && { problem: body as Problem }),
    replayed: response.headers.get("idempotency-replayed") === "true",
    retryAfterMs: Number(response.headers.get("retry-after") ?? 0) * 1000 || 0,
  }
}

function nothing<T>(start: number): Answer<T> {
  return { status: 0, ms: performance.now() - start, node: "", replayed: false, retryAfterMs: 0 }
}
