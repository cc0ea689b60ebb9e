import { isCanonical } from "../../../src/http/address.ts"
import type { RawAnswer } from "./raw-parser.ts"
import { type Schema, SchemaCheck } from "./schema-check.ts"

interface Parameter {
  name: string
  in: "path" | "query" | "header"
  required: boolean
  schema: Schema
}

type Content = Record<string, { schema: Schema }>

export interface Operation {
  method: string
  path: string
  operationId: string
  security: Record<string, string[]>[]
  parameters: Parameter[]
  requestBody?: { content: Content }
  responses: Record<string, { content: Content }>
}

/** The OpenAPI document that a running system serves. */
export class ApiDocument {
  readonly operations: Operation[]
  /** Of requests: as open as the schemas say. */
  readonly requests: SchemaCheck
  /** Of answers: what the document does not name may not be there. */
  readonly #answers: SchemaCheck

  constructor(
    readonly json: { paths: Record<string, Record<string, object>>; components: { schemas: Record<string, Schema> } },
  ) {
    this.operations = Object.entries(json.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(
        ([method, operation]) => ({ ...operation, method: method.toUpperCase(), path }) as Operation,
      ),
    )
    this.requests = new SchemaCheck(json.components.schemas, false)
    this.#answers = new SchemaCheck(json.components.schemas, true)
  }

  static async of(url: string): Promise<ApiDocument> {
    return new ApiDocument((await (await fetch(`${url}/openapi.json`)).json()) as ApiDocument["json"])
  }

  /** What answers a request for `path`, if anything does. HEAD is answered as GET is. */
  operationAt(method: string, path: string): Operation | undefined {
    const wanted = method === "HEAD" ? "GET" : method
    return this.#operationsAt(path).find(operation => operation.method === wanted)
  }

  #operationsAt(path: string): Operation[] {
    const segments = pathOf(path).split("/")
    return isOdd(path) ? [] : this.operations.filter(operation => fits(operation.path.split("/"), segments))
  }

  bodySchema(operation: Operation): Schema | undefined {
    return operation.requestBody?.content["application/json"]?.schema
  }

  /** What is wrong with the answer to a request, if anything. An undocumented path must be a page or not found. */
  faultOf(method: string, path: string, answer: RawAnswer): string | undefined {
    const operation = this.operationAt(method, path)
    const { status, headers, body } = answer
    if (!/^node-[0-9]+$/.test(headers.get("x-served-by") ?? "")) return "no X-Served-By"
    if (status >= 500) return `status ${status}`
    if (LEAK.test(body)) return "the body tells of the inside"
    if (isOdd(path)) {
      if (status !== 400) return `status ${status} for an address that is not canonical`
      return method === "HEAD" ? undefined : this.#problemFault(answer)
    }
    if (!operation && PAGES.test(pathOf(path)) && headers.get("content-type")?.startsWith("text/html")) return undefined
    if (status >= 400 && method !== "HEAD") {
      const fault = this.#problemFault(answer)
      if (fault) return fault
    }
    if (!operation && PAGES.test(pathOf(path)) && (status === 200 || status === 304)) return undefined
    if (!operation) {
      const isGuarded = pathOf(path).startsWith("/api/v1/admin/")
      const isKnown = PAGES.test(pathOf(path)) || this.#operationsAt(path).length > 0
      const isFit =
        status === 404 ||
        (isKnown && status === (method === "OPTIONS" ? 204 : 405)) ||
        (isGuarded && [400, 401, 429].includes(status))
      return isFit ? undefined : `status ${status} for a route that is not documented`
    }
    const response = operation.responses[status]
    if (!response) return `status ${status} is not documented`
    const documented = response.content
    if (!documented) return body === "" ? undefined : "a body that is not documented"
    const type = (headers.get("content-type") ?? "").split(";")[0]!
    if (!documented[type]) return `content type ${type} is not documented`
    if (!type.endsWith("json") || method === "HEAD") return undefined
    if (documented[type].schema.$ref === undefined) return undefined
    return this.#answers.faultOf(JSON.parse(body), documented[type].schema)
  }

  #problemFault({ status, headers, body }: RawAnswer): string | undefined {
    if (headers.get("content-type") !== "application/problem+json") return "an error that is not problem+json"
    const problem = JSON.parse(body) as { status: number; code: string }
    if (problem.status !== status) return `the problem says status ${problem.status}`
    return this.#answers.faultOf(problem, { $ref: "#/components/schemas/Problem" })
  }
}

/** Pages for people, which are not in the document. */
export const PAGES =
  /^\/(|control|favicon\.ico|(docs|plain)\.css|plain\.js|sales\/[^/]+(\/(buy|proof|calendar\.ics))?|orders\/[^/]+(\/(confirm|cancel))?|assets\/[^/]+)$/

/** Stack traces, paths and names of the code, which no response may contain. */
const LEAK = /node_modules|\/src\/|\.ts:\d|\bat [\w.<>]+ \(|SQLITE|TypeError|RangeError|SyntaxError|bun:/

function pathOf(target: string): string {
  return target.replace(/\?.*/s, "")
}

/** Whether the address can be read in more than one way. */
function isOdd(target: string): boolean {
  try {
    return !isCanonical(target, {}) || decodeURIComponent(pathOf(target)).includes("\uFFFD")
  } catch {
    return true
  }
}

function fits(template: string[], segments: string[]): boolean {
  if (template.length !== segments.length) return false
  return template.every((part, at) => part === segments[at] || (part.startsWith("{") && segments[at] !== ""))
}
