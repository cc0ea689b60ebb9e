import { createHash } from "node:crypto"
import { gzipSync } from "node:zlib"
import type { Responses } from "./responses.ts"

const POLICY =
  "default-src 'self'; img-src 'self' data:; base-uri 'none'; object-src 'none'; form-action 'self'; frame-ancestors 'none'"
/**
 * For every page: it loads nothing from other sites, runs no inline script, is shown in no frame, shares no window with other
 * sites and uses none of the device's sensors.
 */
export const GUARDED = {
  "Content-Security-Policy": POLICY,
  "Referrer-Policy": "same-origin",
  "X-Frame-Options": "DENY",
  "Cross-Origin-Opener-Policy": "same-origin",
  "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}

/** Content that is the same for everybody until the next release, kept compressed as well. */
export interface StaticFile {
  readonly type: string
  readonly plain: Uint8Array<ArrayBuffer>
  readonly gzip: Uint8Array<ArrayBuffer>
  /** A hash of the content. */
  readonly hash: string
}

export function staticFile(type: string, content: string | Uint8Array<ArrayBuffer>): StaticFile {
  const plain = typeof content === "string" ? new TextEncoder().encode(content) : content
  const hash = createHash("sha256").update(plain).digest("base64url").slice(0, 22)
  return { type, plain, gzip: new Uint8Array(gzipSync(plain, { level: 9 })), hash }
}

/** Sends the file, or 304 to a reader who has it already (RFC 9110, section 13). */
export function sendFile(
  responses: Responses,
  request: Request,
  file: StaticFile,
  headers: Record<string, string> = {},
): Response {
  const isZipped = acceptsGzip(request.headers.get("accept-encoding") ?? "")
  // The two forms are different bytes, so each has a tag of its own.
  const tag = isZipped ? `"${file.hash}-gzip"` : `"${file.hash}"`
  const always = { Vary: "Accept-Encoding", ETag: tag, ...headers }
  const wanted = request.headers.get("if-match")
  if (wanted !== null && !names(wanted, tag)) return responses.empty(412, always)
  const had = request.headers.get("if-none-match")
  if (had !== null && names(had.replaceAll("W/", ""), tag)) return responses.empty(304, always)
  const encoding: Record<string, string> = isZipped ? { "Content-Encoding": "gzip" } : {}
  return responses.text(isZipped ? file.gzip : file.plain, file.type, { ...always, ...encoding })
}

function names(list: string, tag: string): boolean {
  return list.trim() === "*" || list.split(",").some(one => one.trim() === tag)
}

/** Whether Accept-Encoding names gzip, or everything, with a weight above 0. */
export function acceptsGzip(accepted: string): boolean {
  const weights = new Map<string, number>()
  for (const part of accepted.toLowerCase().split(",")) {
    const [coding = "", ...parameters] = part.split(";").map(text => text.trim())
    const [, weight = "1"] = /^q=([0-9.]+)$/.exec(parameters[0] ?? "") ?? []
    weights.set(coding, Number(weight))
  }
  return (weights.get("gzip") ?? weights.get("*") ?? 0) > 0
}
