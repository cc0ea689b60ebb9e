import type { Context } from "hono"
import type { Env, RequestContext } from "../context.ts"
import { GUARDED } from "../pages.ts"
import type { Html } from "./html.ts"
import { sheet } from "./layout.ts"
import { readerOf } from "./reader.ts"

interface Page {
  title: string
  body: Html
  status?: number
  headers?: Record<string, string>
}

/** One page, for its reader alone. */
export function send(
  { responses }: RequestContext,
  c: Context<Env>,
  { title, body, status = 200, headers }: Page,
): Response {
  const page = sheet(readerOf(c), { title, body })
  const sent = responses.text(page, "text/html; charset=utf-8", { Vary: "Accept-Language", ...GUARDED, ...headers })
  return status === 200 ? sent : new Response(sent.body, { status, headers: sent.headers })
}

/** After a form was taken: the page to read, so that a reload sends nothing again. */
export function seeOther({ responses }: RequestContext, to: string): Response {
  const sent = responses.text("", "text/plain", { Location: to })
  return new Response(null, { status: 303, headers: sent.headers })
}

/** What the API answers to the same person, asked in JSON. */
export function asApi(
  request: Request,
  path: string,
  method: string,
  more: Record<string, string> = {},
  body?: string,
) {
  const headers = new Headers(request.headers)
  for (const name of ["content-length", "content-type", "authorization", "idempotency-key"]) headers.delete(name)
  for (const name in more) headers.set(name, more[name]!)
  return new Request(new URL(path, request.url), { method, headers, body })
}
