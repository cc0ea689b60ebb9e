import { createServer, type Server, type ServerResponse } from "node:http"
import { type MetricFamily, PROMETHEUS_CONTENT_TYPE, prometheusText } from "../../observability/metric-family.ts"

export interface WorkerServerOptions {
  host: string
  port: number
  /** One sentence that says why the worker is not ready; undefined when it is. */
  obstacle(): string | undefined
  collectMetrics(): Promise<MetricFamily[]>
}

type Page = (options: WorkerServerOptions, response: ServerResponse) => Promise<unknown>

const PAGES: Record<string, Page> = {
  "/livez": async (_, response) => response.end("ok\n"),
  "/readyz": async ({ obstacle }, response) => {
    const why = obstacle()
    if (why !== undefined) response.statusCode = 503
    response.end(`${why ?? "ok"}\n`)
  },
  "/metrics": async ({ collectMetrics }, response) => {
    const text = prometheusText(await collectMetrics())
    response.setHeader("Content-Type", PROMETHEUS_CONTENT_TYPE)
    response.end(text)
  },
}

const notFound: Page = async (_, response) => {
  response.statusCode = 404
  response.end("There are /livez, /readyz and /metrics.\n")
}

/** Answers what operators and Prometheus ask of a worker. */
export class WorkerServer implements AsyncDisposable {
  readonly #server: Server

  constructor(private readonly options: WorkerServerOptions) {
    this.#server = createServer((request, response) => {
      response.setHeader("Content-Type", "text/plain; charset=utf-8")
      const page = PAGES[request.url?.split("?")[0] ?? ""] ?? notFound
      page(options, response).catch(error => {
        response.statusCode = 500
        response.end(`${(error as Error).message}\n`)
      })
    })
  }

  /** Rejects if the port cannot be opened. */
  async start(): Promise<void> {
    const { host, port } = this.options
    await new Promise<void>((resolve, reject) => {
      this.#server.once("error", reject)
      this.#server.listen(port, host, resolve)
    })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await new Promise<void>(resolve => {
      this.#server.close(() => resolve())
      this.#server.closeAllConnections()
    })
  }
}
