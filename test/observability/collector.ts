/** A span of OTLP/JSON, with its attributes as an object. */
export interface Span {
  traceId: string
  spanId: string
  parentSpanId?: string
  name: string
  links: string[]
  attributes: Record<string, string | number>
  /** Milliseconds since 1970. */
  start: number
  end: number
  service: string
  node: string
  isError: boolean
}

type Value = { stringValue?: string; intValue?: number | string; doubleValue?: number }
type Pair = { key: string; value: Value }
interface Sent {
  resourceSpans: {
    resource: { attributes: Pair[] }
    scopeSpans: {
      spans: {
        traceId: string
        spanId: string
        parentSpanId?: string
        name: string
        startTimeUnixNano: string
        endTimeUnixNano: string
        attributes: Pair[]
        links?: { spanId: string }[]
        status?: { code?: number }
      }[]
    }[]
  }[]
}

/** Receives traces over OTLP/HTTP as JSON, as an OpenTelemetry collector does. */
export class Collector {
  readonly spans: Span[] = []
  /** The bodies of all requests. */
  text = ""
  /** The number of requests, answered or not. */
  requests = 0
  readonly #server: Bun.Server<undefined>

  /** With `mute` it accepts requests and never answers. */
  constructor(port = 0, mute = false) {
    this.#server = Bun.serve({
      hostname: "127.0.0.1",
      port,
      idleTimeout: 0,
      fetch: async request => {
        this.requests++
        if (mute) return new Promise<Response>(() => {})
        if (new URL(request.url).pathname !== "/v1/traces") return new Response(null, { status: 404 })
        const text = await request.text()
        this.text += text
        this.spans.push(...spansOf(JSON.parse(text) as Sent))
        return Response.json({})
      },
    })
  }

  get url(): string {
    return `http://127.0.0.1:${this.#server.port}`
  }

  named(name: string): Span[] {
    return this.spans.filter(span => span.name === name)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server.stop(true)
  }
}

function spansOf({ resourceSpans }: Sent): Span[] {
  return resourceSpans.flatMap(({ resource, scopeSpans }) => {
    const about = object(resource.attributes)
    return scopeSpans
      .flatMap(({ spans }) => spans)
      .map(
        ({ traceId, spanId, parentSpanId, name, startTimeUnixNano, endTimeUnixNano, attributes, links, status }) => ({
          traceId,
          spanId,
          ...(parentSpanId && { parentSpanId }),
          name,
          links: (links ?? []).map(link => link.spanId),
          attributes: object(attributes),
          start: Number(startTimeUnixNano) / 1e6,
          end: Number(endTimeUnixNano) / 1e6,
          service: String(about["service.name"]),
          node: String(about["service.instance.id"]),
          isError: status?.code === 2,
        }),
      )
  })
}

function object(pairs: Pair[]): Record<string, string | number> {
  return Object.fromEntries(
    pairs.map(({ key, value }) => [key, value.stringValue ?? Number(value.intValue ?? value.doubleValue)]),
  )
}
