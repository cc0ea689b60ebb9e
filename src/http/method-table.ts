import type { Hono } from "hono"
import { TrieRouter } from "hono/router/trie-router"
import type { RequestEnv } from "./context.ts"

/** Which methods each path has, read from the router itself. */
export class MethodTable {
  readonly #router = new TrieRouter<string>()

  constructor(routes: Iterable<{ method: string; path: string }>) {
    // Middleware is registered for ALL methods and answers nothing by itself.
    for (const { method, path } of routes) if (method !== "ALL") this.#router.add("ANY", path, method)
  }

  static of(app: Hono<RequestEnv>, others: { method: string; path: string }[]): MethodTable {
    return new MethodTable([...app.routes, ...others])
  }

  /** The methods of this path, in the order of RFC 9110. Empty if there is nothing at this path. */
  of(path: string): string[] {
    const [matches] = this.#router.match("ANY", path)
    const found = new Set<string>(matches.map(([method]) => method))
    if (found.size === 0) return []
    found.add("OPTIONS")
    if (found.has("GET")) found.add("HEAD")
    return ORDER.filter(method => found.has(method))
  }
}

const ORDER = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]
