import { createServer, type ServerResponse } from "node:http"
import type { Series } from "../../observability/metric-family.ts"
import { render } from "../../observability/prometheus-text.ts"

export interface WorkerPages {
  /** Why it is not ready; nothing when it is. */
  obstacle(): string | undefined
  series(): Promise<Series[]>
}

type Page = (pages: WorkerPages, response: ServerResponse) => Promise<unknown>

const PAGES: Record<string, Page> = {
  "/livez": async (_, response) => response.end("ok\n"),
  "/readyz": async ({ obstacle }, response) => {
    const why = obstacle()
    if (why !== undefined) response.statusCode = 503
    response.end(`${why ?? "ok"}\n`)
  },
  "/metrics": async ({ series }, response) => {
    const text = render(await series())
    response.setHeader("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
    response.end(text)
  },
}

/** What operators and their tools ask of a worker. Returns the way to stop. */
export async function listenAsWorker(pages: WorkerPages, host: string, port: number): Promise<() => Promise<void>> {
  const server = createServer((request, response) => {
    response.setHeader("Content-Type", "text/plain; charset=utf-8")
    const page = PAGES[request.url?.split("?")[0] ?? ""] ?? missing
    page(pages, response).catch(error => {
      response.statusCode = 500
      response.end(`${(error as Error).message}\n`)
    })
  })
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject)
    server.listen(port, host, resolve)
  })
  return () =>
    new Promise(resolve => {
      server.close(() => resolve())
      server.closeAllConnections()
    })
}

const missing: Page = async (_, response) => {
  response.statusCode = 404
  response.end("There are /livez, /readyz and /metrics.\n")
}
