import type { Context } from "hono"
import type { CommandKey } from "../../core/command.ts"
import { sha1 } from "../../runtime/sha1.ts"
import type { RequestContext, RequestEnv } from "../context.ts"
import { keyIn } from "../purchase/purchase.ts"

/** What an administrator's request may say of its command, beside what the command is. */
export interface CommandHeaders {
  once?: CommandKey
  versions?: number[]
}

const VERSIONS = /^(?:W\/)?"[^"]*"(?:\s*,\s*(?:W\/)?"[^"]*")*$/
const VERSION = /"([^"]*)"/g
const IF_MATCH = 'If-Match: must be a version in quotes, such as "5", or *'

/**
 * Reads `Idempotency-Key` and `If-Match`. The digest covers all that the request asks, so that a key cannot be used for
 * something else. A weak version counts, because a proxy that compresses an answer makes its version weak; a version names
 * what administrators decided, not bytes.
 */
export function commandHeaders(
  { responses }: RequestContext,
  c: Context<RequestEnv>,
  body?: unknown,
): CommandHeaders | Response {
  const header = c.req.header("idempotency-key")
  const key = header === undefined ? undefined : keyIn(header)
  if (header !== undefined && key === undefined) {
    return responses.refusal("invalid_request", { path: "Idempotency-Key" })
  }
  const match = c.req.header("if-match")?.trim()
  if (match !== undefined && match !== "*" && !VERSIONS.test(match)) {
    return responses.refusal("invalid_request", { path: "If-Match", detail: IF_MATCH })
  }
  const digest = sha1(JSON.stringify([c.req.method, c.req.path, body ?? null]))
  return {
    ...(key !== undefined && { once: { key, digest } }),
    ...(match !== undefined && match !== "*" && { versions: [...match.matchAll(VERSION)].map(versionOf) }),
  }
}

/** What is no version of a sale matches none. */
function versionOf([, text = ""]: RegExpExecArray): number {
  return /^[0-9]{1,15}$/.test(text) ? Number(text) : -1
}
