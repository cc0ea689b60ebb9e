import { randomUUID } from "node:crypto"
import type { ZodType, z } from "zod"
import { sleep, systemTime, type Timers } from "../runtime/time.ts"
import * as wire from "../wire/wire.ts"
import { CliError, messageOf } from "./cli-error.ts"
import { type AdminFlags, adminTokenOf } from "./options.ts"

const PAGE = 1000
const TIMEOUT_MS = 10_000
/** A request is repeated while a replica is being replaced, for about 3 seconds in all. */
const SENDS_MAX = 8
const SEND_PAUSE_MS = 100

/** No answer came, so it is unknown whether the request took effect. */
export class NoAnswerError extends CliError {
  override name = "NoAnswerError"
}

/** The system refused the request; `status` and `code` are its own. */
export class RefusedError extends CliError {
  override name = "RefusedError"
  constructor(
    message: string,
    readonly status: number,
    readonly code: string,
  ) {
    super(message)
  }
}

/** The HTTP API of a running system, for administrators. It validates every response and throws `CliError`s. */
export class AdminClient {
  readonly #origin: string
  readonly #token: string

  constructor(
    flags: AdminFlags,
    private readonly timers: Timers = systemTime,
  ) {
    const url = URL.parse(flags.url)
    if (!url?.protocol.startsWith("http")) {
      throw new CliError(`--url must look like http://localhost:8080, not "${flags.url}".`)
    }
    this.#origin = url.origin
    this.#token = adminTokenOf(flags)
  }

  async sales(): Promise<wire.Sale[]> {
    const sales: wire.Sale[] = []
    for (let after = 0; ; ) {
      const page = await this.#read(`/sales?after=${after}&limit=${PAGE}`, wire.SaleList)
      sales.push(...page.sales)
      if (page.next === undefined) return sales
      after = page.next
    }
  }

  sale(id: string): Promise<wire.Sale> {
    return this.#read(`/sales/${encodeURIComponent(id)}`, wire.Sale)
  }

  facts(id: string, after: number): Promise<wire.FactPage> {
    return this.#read(`/admin/sales/${encodeURIComponent(id)}/facts?after=${after}&limit=${PAGE}`, wire.FactPage)
  }

  /** The sealed pages of facts. A system of an earlier release has none to show. */
  async seals(id: string): Promise<wire.SealList["pages"]> {
    const pages: wire.SealList["pages"] = []
    for (let after: number | undefined = 0; after !== undefined; ) {
      const path = `/admin/sales/${encodeURIComponent(id)}/seals?after=${after}`
      const list: wire.SealList = await this.#read(path, wire.SealList).catch(noneIfUnknown)
      pages.push(...list.pages)
      after = list.next
    }
    return pages
  }

  orders(id: string, after: number): Promise<wire.OrderPage> {
    return this.#read(`/admin/sales/${encodeURIComponent(id)}/orders?after=${after}&limit=${PAGE}`, wire.OrderPage)
  }

  /** The orders as a stream of CSV. */
  async ordersCsv(id: string): Promise<ReadableStream<Uint8Array>> {
    const response = await this.#send("GET", `/admin/sales/${encodeURIComponent(id)}/orders.csv`)
    if (!response.body) throw new NoAnswerError(`${this.#origin} sent no orders.`)
    return response.body
  }

  create(sale: wire.NewSale): Promise<wire.Sale> {
    return this.#change("POST", "/admin/sales", sale)
  }

  amend(id: string, patch: wire.SalePatch): Promise<wire.Sale> {
    return this.#change("PATCH", `/admin/sales/${encodeURIComponent(id)}`, patch)
  }

  changeState(id: string, verb: "pause" | "resume" | "close"): Promise<wire.Sale> {
    return this.#change("POST", `/admin/sales/${encodeURIComponent(id)}/${verb}`)
  }

  restock(id: string, sku: string, units: number): Promise<wire.Sale> {
    const path = `/admin/sales/${encodeURIComponent(id)}/items/${encodeURIComponent(sku)}/restock`
    return this.#change("POST", path, { units })
  }

  async nodes(): Promise<wire.Node[]> {
    return (await this.#read("/admin/nodes", wire.NodeList)).nodes
  }

  /** True if this system offers to kill its nodes. */
  async hasDrills(): Promise<boolean> {
    return (await this.#read("/admin/nodes", wire.NodeList)).hasDrills
  }

  async kill(nodeId: string): Promise<void> {
    await this.#send("POST", `/admin/nodes/${encodeURIComponent(nodeId)}/kill`)
  }

  /** Any other request that is sent once. */
  async call<Schema extends ZodType>(method: string, path: string, schema: Schema, body?: unknown) {
    return valid(schema, await (await this.#send(method, path, body)).json(), path)
  }

  #read<Schema extends ZodType>(path: string, schema: Schema): Promise<z.output<Schema>> {
    return this.#repeat(path, schema, () => this.#send("GET", path))
  }

  /** Sends a command under a key of its own, so that it takes effect once although it may be sent more often. */
  #change(method: string, path: string, body?: unknown): Promise<wire.Sale> {
    const key = randomUUID()
    return this.#repeat(path, wire.Sale, () => this.#send(method, path, body, key))
  }

  async #repeat<Schema extends ZodType>(
    path: string,
    schema: Schema,
    send: () => Promise<Response>,
  ): Promise<z.output<Schema>> {
    for (let attempt = 1; ; attempt++) {
      try {
        return valid(schema, await (await send()).json(), path)
      } catch (error) {
        // An error of another kind comes from a body that was cut off.
        if (error instanceof CliError && !isTemporary(error)) throw error
        if (attempt === SENDS_MAX) throw error instanceof CliError ? error : this.#noAnswer(error)
        await sleep(SEND_PAUSE_MS * attempt, undefined, this.timers)
      }
    }
  }

  async #send(method: string, path: string, body?: unknown, key?: string): Promise<Response> {
    const headers: Record<string, string> = { Authorization: `Bearer ${this.#token}` }
    if (key !== undefined) headers["Idempotency-Key"] = key
    if (body !== undefined) headers["Content-Type"] = "application/json"
    const init: RequestInit = { method, headers, signal: AbortSignal.timeout(TIMEOUT_MS) }
    if (body !== undefined) init.body = JSON.stringify(body)
    let response: Response
    try {
      response = await fetch(`${this.#origin}/api/v1${path}`, init)
    } catch (error) {
      throw this.#noAnswer(error)
    }
    if (response.ok) return response
    throw await refusalOf(response, path)
  }

  #noAnswer(error: unknown): NoAnswerError {
    const { code } = error as { code?: unknown }
    const reason = typeof code === "string" ? code : messageOf(error)
    return new NoAnswerError(`${this.#origin} does not answer (${reason}): is the system running?`)
  }
}

function noneIfUnknown(error: unknown): wire.SealList {
  if (error instanceof RefusedError && error.code === "not_found") return { pages: [] }
  throw error
}

/** True if the same request may succeed in a moment: no answer came, or the system is not available now. */
function isTemporary(error: unknown): boolean {
  return error instanceof NoAnswerError || (error instanceof RefusedError && error.status === 503)
}

async function refusalOf(response: Response, path: string): Promise<RefusedError> {
  const { status } = response
  const problem = wire.Problem.safeParse(await response.json().catch(() => undefined))
  if (status === 401) return new RefusedError("The system does not accept this admin token.", status, "unauthorized")
  if (!problem.success) return new RefusedError(`The system answered ${path} with status ${status}.`, status, "")
  const { detail, code, path: field } = problem.data
  return new RefusedError(`${detail.replace(/\.$/, "")}${field ? ` at ${field}` : ""} (${code}).`, status, code)
}

function valid<Schema extends ZodType>(schema: Schema, body: unknown, path: string): z.output<Schema> {
  const parsed = schema.safeParse(body)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  throw new CliError(`The response to ${path} is malformed at ${issue?.path.join(".")}: ${issue?.message}.`)
}
