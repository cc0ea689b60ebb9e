import type { ZodType } from "zod"

/** The largest body of every request but the one that creates a sale. */
export const BODY_BYTES_MAX = 16 * 1024
/** Clients choose the names of unknown fields, so what is repeated to them has a limit. */
const PATH_LENGTH_MAX = 200
const DETAIL_LENGTH_MAX = 300

const utf8 = new TextDecoder()

/** Why a body was refused. `path` names the field that is wrong, and `tooLarge` the bytes that a body may have. */
export type Malformed = { ok: false; tooLarge?: number; path?: string; detail: string }
export type Body<Value> = { ok: true; value: Value } | Malformed

/** Reads and validates a JSON body. An absent body is an empty object. */
export async function readBody<Value>(
  request: Request,
  schema: ZodType<Value>,
  bytesMax = BODY_BYTES_MAX,
): Promise<Body<Value>> {
  const text = await readText(request, bytesMax)
  return text === undefined ? { ok: false, tooLarge: bytesMax, detail: "" } : parseBody(text, schema)
}

/** Text that is no JSON: for what a client has sent that gave up. */
export const BROKEN_OFF = "?"

/** Resolves to undefined if the body is too large, and to `BROKEN_OFF` if the client gave up while sending it. */
export async function readText(request: Request, bytesMax = BODY_BYTES_MAX): Promise<string | undefined> {
  try {
    return await textOf(request, bytesMax)
  } catch {
    return BROKEN_OFF
  }
}

/** Resolves to undefined if the body is too large, and rejects if the client gave up while sending it. */
export function textOf(request: Request, bytesMax = BODY_BYTES_MAX): Promise<string | undefined> {
  const length = request.headers.get("content-length")
  if (length === null) return textWithin(request.body, bytesMax)
  return Number(length) > bytesMax ? Promise.resolve(undefined) : request.text()
}

export function parseBody<Value>(text: string | undefined, schema: ZodType<Value>): Body<Value> {
  if (text === undefined) return TOO_LARGE
  let value: unknown
  try {
    value = text === "" ? {} : JSON.parse(text)
  } catch {
    return { ok: false, detail: "The body is not JSON." }
  }
  return validate(value, schema)
}

/** Reads a body of unknown length, and stops where it becomes too large. */
async function textWithin(body: AsyncIterable<Uint8Array> | null, bytesMax: number): Promise<string | undefined> {
  const chunks: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of body ?? []) {
    bytes += chunk.length
    if (bytes > bytesMax) return undefined
    chunks.push(chunk)
  }
  // Without a byte order mark, as `Request.text()` decodes a body of known length.
  return utf8.decode(Buffer.concat(chunks))
}

export function validate<Value>(value: unknown, schema: ZodType<Value>): Body<Value> {
  const parsed = schema.safeParse(value)
  if (parsed.success) return { ok: true, value: parsed.data }
  const [issue] = parsed.error.issues
  const unknown = issue?.code === "unrecognized_keys" ? issue.keys.slice(0, 1) : []
  const path = [...(issue?.path ?? []), ...unknown].map(String).join(".").slice(0, PATH_LENGTH_MAX)
  return { ok: false, path, detail: `${path || "The body"}: ${issue?.message}`.slice(0, DETAIL_LENGTH_MAX) }
}

const TOO_LARGE = { ok: false, tooLarge: BODY_BYTES_MAX, detail: "" } as const
