import { type ZodType, z } from "zod"
import { REFUSALS } from "../../../core/outcome.ts"
import * as wire from "../../../wire/wire.ts"
import type { ApiAnswer, HeaderName, Route } from "../route.ts"

const VERSION = "0.1.0"

/** Makes the OpenAPI 3.1 document from the same schemas that validate requests. */
export function openapi(routes: readonly Route[]): object {
  const paths: Record<string, Record<string, unknown>> = {}
  for (const route of routes) {
    paths[route.template] = { ...paths[route.template], [route.method]: operationOf(route) }
  }
  return {
    openapi: "3.1.0",
    info: {
      title: "Doorbuster",
      version: VERSION,
      description: `Sells every unit exactly once. A purchase attempt is answered with one of: ${REFUSALS.join(", ")}; or an order.`,
    },
    servers: [{ url: "/" }],
    paths,
    components: {
      schemas: componentSchemas(),
      securitySchemes: {
        customer: { type: "http", scheme: "bearer", description: "A JSON Web Token whose `sub` is the customer." },
        session: { type: "apiKey", in: "cookie", name: "session", description: "The same token, for browsers." },
        administrator: { type: "http", scheme: "bearer", description: "An operator's token; the roles that may." },
        backend: {
          type: "http",
          scheme: "bearer",
          description: "The token of a shop's backend; the scope that it needs.",
        },
        control: { type: "apiKey", in: "cookie", name: "control", description: "The control room's session." },
      },
    },
  }
}

function componentSchemas(): Record<string, unknown> {
  const { schemas } = z.toJSONSchema(z.globalRegistry, { uri: id => `#/components/schemas/${id}`, io: "input" })
  return Object.fromEntries(
    Object.entries(schemas).map(([id, { $schema: _, $id: __, ...schema }]) => [id, schema as unknown]),
  )
}

function operationOf(route: Route): object {
  const { summary, description, group, body, answers, headers = [], query } = route
  return {
    operationId: route.operationId,
    summary,
    ...(description && { description }),
    tags: [group],
    security: securityOf(route),
    parameters: [...pathParameters(route.template), ...headers.map(header), ...(query ? queryParameters(query) : [])],
    ...(body && {
      requestBody: { required: !body.safeParse({}).success, content: { "application/json": { schema: refTo(body) } } },
    }),
    responses: Object.fromEntries(answers.map(answer => [answer.status, responseOf(answer)])),
  }
}

/** Any one of these opens a route. Roles and scopes are named as OpenAPI 3.1 allows for every kind of scheme. */
function securityOf({ access, role, scope }: Route): object[] {
  const least = role ? [role] : []
  const backend = { backend: scope ? [scope] : [] }
  const schemes = {
    anyone: [],
    customer: [{ customer: [] }, { session: [] }],
    owner: [{ customer: [] }, { session: [] }, { administrator: least }, backend],
    administrator: [{ administrator: least }, { control: least }],
    backend: [backend],
  }
  return schemes[access]
}

function responseOf({ status, description, schema, type = "application/json" }: ApiAnswer): object {
  if (status === 304) return { description }
  const contentType = status >= 400 ? "application/problem+json" : type
  const content = status >= 400 ? refTo(wire.Problem) : schema ? refTo(schema) : { type: "string" }
  return { description, content: { [contentType]: { schema: content } } }
}

function refTo(schema: ZodType): object {
  return { $ref: `#/components/schemas/${z.globalRegistry.get(schema)?.id}` }
}

function pathParameters(path: string): object[] {
  const schemas: Record<string, ZodType> = { saleId: wire.SaleId, sku: wire.Sku, orderId: wire.OrderId }
  return [...path.matchAll(/\{(\w+)\}/g)].map(([, name = ""]) => {
    const schema = schemas[name]
    return { name, in: "path", required: true, schema: schema ? refTo(schema) : { type: "string" } }
  })
}

const HEADERS: Record<HeaderName, { description: string; schema: object }> = {
  "Idempotency-Key": {
    description: "Names the request: with the same key it takes effect once. Quoted or not.",
    schema: { type: "string", pattern: '^"?[A-Za-z0-9_-]{1,64}"?$' },
  },
  "If-Match": {
    description:
      'The `version` of the sale that may be changed, in quotes, such as `"5"`; otherwise `version_conflict`.',
    schema: { type: "string" },
  },
}

function header(name: HeaderName): object {
  return { name, in: "header", required: false, ...HEADERS[name] }
}

function queryParameters(schema: ZodType): object[] {
  const { properties = {} } = z.toJSONSchema(schema, { io: "output" }) as { properties?: Record<string, object> }
  return Object.entries(properties).map(([name, property]) => ({
    name,
    in: "query",
    required: false,
    schema: property,
  }))
}
