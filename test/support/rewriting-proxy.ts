/** A proxy in front of a system that changes `Host`, as one does that nobody told to pass it on. */
export function rewritingProxy(
  target: string,
  dropped: readonly string[] = [],
): { url: string; stop(): Promise<void> } {
  const { host } = new URL(target)
  const server = Bun.serve({
    port: 0,
    hostname: "127.0.0.1",
    idleTimeout: 120,
    async fetch(request) {
      const { pathname, search } = new URL(request.url)
      const headers = new Headers(request.headers)
      headers.set("Host", host)
      for (const name of dropped) headers.delete(name)
      const body = request.method === "GET" ? null : await request.arrayBuffer()
      const init = { method: request.method, headers, body, redirect: "manual", decompress: false } as const
      return fetch(`${target}${pathname}${search}`, { ...init, signal: request.signal })
    },
  })
  return { url: server.url.origin, stop: () => server.stop(true) }
}
