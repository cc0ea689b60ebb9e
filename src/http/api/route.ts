import type { Context, Hono } from "hono"
import type { ZodType } from "zod"
import type { Role, Scope } from "../../core/ports/credentials.ts"
import * as wire from "../../wire/wire.ts"
import type { RequestContext, RequestEnv } from "../context.ts"
import { readBody, validate } from "../purchase/body.ts"

export interface ApiAnswer {
  status: number
  description: string
  schema?: ZodType
  type?: string
}

/** The headers that the OpenAPI document describes. */
export type HeaderName = "Idempotency-Key" | "If-Match"

/** One operation of the API as the OpenAPI document describes it. */
export interface Description<Path extends string, Body, Query> {
  method: "get" | "post" | "patch" | "delete"
  /** As the router writes it: `/api/v1/sales/:saleId`. */
  path: Path
  operationId: string
  group: "Buying" | "Sales" | "Shop" | "Administration" | "Operations"
  access: "anyone" | "customer" | "owner" | "administrator" | "backend"
  /** The least role of an operator who may do it. */
  role?: Role
  /** What a shop's backend needs to do it. */
  scope?: Scope
  summary: string
  description?: string
  /** Requests whose body or query does not fit are refused before the handler is called. */
  body?: ZodType<Body>
  query?: ZodType<Query>
  /** 16 KiB unless given. */
  bodyBytesMax?: number
  headers?: HeaderName[]
  answers: ApiAnswer[]
  /** `answer`: entered into the logbook with the answer's status. `start`: the handler enters it as it begins. */
  logbook?: "answer" | "start" | undefined
}

/** What a listener serves: the shop alone, or everything. */
export type ListenerKind = "public" | "operators"

type Handler<Path extends string, Body, Query> = (
  context: RequestContext,
  c: Context<RequestEnv, Path>,
  input: { body: Body; query: Query },
) => Response | Promise<Response>

/** An operation together with what answers it. */
export interface Route extends Description<string, unknown, unknown> {
  /** As OpenAPI writes it: `/api/v1/sales/{saleId}`. */
  template: string
  mount(app: Hono<RequestEnv>, context: RequestContext): void
}

/** Describes an operation that the server answers without the router. */
export function described<Path extends string>(
  description: Description<Path, unknown, unknown>,
): Route & { path: Path } {
  return { ...description, template: templateOf(description.path), mount: () => {} }
}

/** Describes an operation and says how it is answered. */
export function route<Path extends string, Body = undefined, Query = undefined>(
  description: Description<Path, Body, Query>,
  handler: Handler<Path, Body, Query>,
): Route {
  const { method, path, body: bodySchema, query: querySchema } = description
  return {
    ...description,
    template: templateOf(path),
    mount(app, context) {
      app.on(method.toUpperCase(), path, async untyped => {
        const c = untyped as Context<RequestEnv, Path>
        const body = bodySchema && (await readBody(c.req.raw, bodySchema, description.bodyBytesMax))
        if (body?.ok === false) return context.responses.malformed(body)
        const query = querySchema && validate(c.req.query(), querySchema)
        if (query?.ok === false) return context.responses.malformed(query)
        return handler(context, c, { body: body?.value as Body, query: query?.value as Query })
      })
    },
  }
}

/**
 * An administrator's operation. The path begins with `/api/v1/admin`, and every change is entered into the logbook. A viewer may read,
 * an operator may change, unless `role` says otherwise.
 */
export function adminRoute<Path extends string, Body = undefined, Query = undefined>(
  { path, answers, ...rest }: Omit<Description<Path, Body, Query>, "group" | "access"> & { access?: "anyone" },
  handler: Handler<Path, Body, Query>,
): Route {
  return route(
    {
      group: "Administration",
      access: "administrator",
      logbook: rest.method === "get" ? undefined : "answer",
      role: rest.method === "get" ? "viewer" : "operator",
      ...rest,
      path: `${ADMIN_PATH}${path}` as Path,
      answers: [...answers, unauthorized, ...(rest.access ? [] : [forbidden]), locked, unavailable],
    },
    handler,
  )
}

function templateOf(path: string): string {
  return path.replace(/:(\w+)/g, "{$1}")
}

export const ADMIN_PATH = "/api/v1/admin"

export const malformed = { status: 400, description: "`invalid_request`: malformed." }
export const unauthorized = { status: 401, description: "`unauthorized`: no token, or a bad or expired one." }
export const forbidden = {
  status: 403,
  description: "`forbidden`: this operator's role, or this backend's scopes, do not allow it.",
}
export const unknownSale = { status: 404, description: "`sale_unknown`: no such sale or item." }
export const keyReused = { status: 422, description: "`key_reused`: the key belongs to another request." }
export const versionConflict = { status: 412, description: "`version_conflict`: the sale has another version." }
export const locked = {
  status: 429,
  description:
    "`rate_limited`: one more wrong administrator's token from an address that sent too many. `Retry-After` says when.",
}
export const tooLarge = { status: 413, description: "The body is larger than 16 KiB." }
export const unavailable = {
  status: 503,
  description: "`overloaded`, `reconciling`: no effect. `outcome_unknown`: retry with the same key.",
}
export const sale = { status: 200, description: "The sale.", schema: wire.Sale }
export const order = { status: 200, description: "The order.", schema: wire.Order }
