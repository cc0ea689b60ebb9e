import type { Problem } from "../../wire/wire.ts"

/** The response to one request. `status` is 0 when none came: whether the request took effect is then unknown. */
export interface ApiResponse<T> {
  status: number
  ms: number
  node: string
  body?: T
  problem?: Problem
  replayed: boolean
  retryAfterMs: number
}

export interface RequestOptions {
  method?: "GET" | "POST" | "PATCH" | "DELETE"
  json?: unknown
  headers?: Record<string, string>
  timeoutMs?: number
  /** Sends no cookie and stores none. */
  anonymous?: boolean
  cache?: RequestCache
}

const TIMEOUT_MS = 10_000

/** Sends one request to this origin. Never throws: a broken connection is a response with status 0. */
export async function request<T>(
  path: string,
  { method = "GET", json, headers, timeoutMs = TIMEOUT_MS, anonymous, cache = "no-store" }: RequestOptions = {},
): Promise<ApiResponse<T>> {
  const start = performance.now()
  try {
    const response = await fetch(path, {
      method,
      headers: { ...headers, ...(json !== undefined && { "content-type": "application/json" }) },
      body: json === undefined ? null : JSON.stringify(json),
      cache,
      credentials: anonymous ? "omit" : "same-origin",
      signal: AbortSignal.timeout(timeoutMs),
    })
    return await read<T>(response, start)
  } catch {
    return { status: 0, ms: performance.now() - start, node: "", replayed: false, retryAfterMs: 0 }
  }
}

async function read<T>(response: Response, start: number): Promise<ApiResponse<T>> {
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

/** 128 random bits in hex. `crypto.randomUUID` is missing on a page that was loaded over plain HTTP. */
export function newKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), byte => byte.toString(16).padStart(2, "0")).join("")
}
