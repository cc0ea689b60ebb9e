import type { ZodType } from "zod"

const BODY_BYTES_MAX = 16 * 1024

const utf8 = new TextDecoder()

export type Malformed = { ok: false; tooLarge?: true; path?: string; detail: string }
export type Body<Value> = { ok: true; value: Value } | Malformed

/** Reads and validates a JSON body. An absent body is an empty object. */
export async function readBody<Value>(request: Request, schema: ZodType<Value>): Promise<Body<Value>> {
  return parseBody(await readText(request), schema)
}

/** The body's text; nothing if it is too large; not JSON if its sender gave up. */
export async function readText(request: Request): Promise<string | undefined> {
  const length = request.headers.get("content-length")
  if (Number(length ?? 0) > BODY_BYTES_MAX) return undefined
  try {
    return length === null ? await textWithin(request.body, BODY_BYTES_MAX) : await request.text()
  } catch {
    return "?"
  }
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

/** A body of unstated length, read no further than it may be. */
async function textWithin(body: AsyncIterable<Uint8Array> | null, bytesMax: number): Promise<string | undefined> {
  const chunks: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of body ?? []) {
    bytes += chunk.length
    if (bytes > bytesMax) return undefined
    chunks.push(chunk)
  }
  // As `text()` reads a body of stated length: without a byte order mark.
  return utf8.decode(Buffer.concat(chunks))
}

export function validate<Value>(value: unknown, schema: ZodType<Value>): Body<Value> {
  const parsed = schema.safeParse(value)
  if (parsed.success) return { ok: true, value: parsed.data }
  const issue = parsed.error.issues[0]!
  const unknown = issue.code === "unrecognized_keys" ? issue.keys.slice(0, 1) : []
  const path = [...issue.path, ...unknown].map(String).join(".").slice(0, 200)
  return { ok: false, path, detail: `${path || "The body"}: ${issue.message}`.slice(0, 300) }
}

const TOO_LARGE = { ok: false, tooLarge: true, detail: "" } as const
