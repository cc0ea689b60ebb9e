import { isId } from "../wire/wire.ts"

/** What stands for itself in a path, and every escape of a character that does not (RFC 3986). A slash, a backslash, a dot or a
 * control character is never escaped. */
const PATH_CHARACTER = `[A-Za-z0-9._~!$&'()*+,;=:@-]|%(?:2[0-9A-C]|3[A-F]|40|5[BDE]|60|7[B-D]|[89A-F][0-9A-F])`
const QUERY_CHARACTER = `[!$&-;=?-~]|%(?![01]|7F)[0-9A-F]{2}`
const CANONICAL = new RegExp(
  String.raw`^(?:/(?!\.\.?(?:[/?]|$))(?:${PATH_CHARACTER})+)*/?(?:\?(?:${QUERY_CHARACTER})*)?$`,
  "i",
)
/** In a decoded segment: what a canonical one cannot have. Bun writes U+FFFD for bytes that are no UTF-8. */
const ODD_SEGMENT = /^\.\.?$|[/\\\uFFFD]/

/** `uri-host [ ":" port ]` (RFC 9110, section 7.2), where the host has at least one character. */
const HOST = /^(?:(?:[A-Za-z0-9._~!$&'()*+,;=-]|%[0-9A-F]{2})+|\[[0-9A-F:.]+\])(?::[0-9]*)?$/i
const HOSTS_KEPT = 100
const ADDRESSES_KEPT = 100

/** The longest path that is looked at segment by segment. No route is as long. */
export const SEGMENTS_MAX = 12

/** The path of an absolute URL, or of one that begins with its path. It is not decoded. */
export function pathOf(url: string): string {
  const from = pathStart(url)
  const to = url.indexOf("?", from)
  return to < 0 ? url.slice(from) : url.slice(from, to)
}

/**
 * Whether the address of a request can be read in one way only. `url` is as Bun gives it, which resolves `..` and turns `\` into
 * `/`; `segments` are those of the path as it was sent, decoded. They are undefined for a path that has an empty segment or
 * more than `SEGMENTS_MAX`.
 */
export function isCanonical(url: string, segments: Record<string, string> | undefined): boolean {
  const address = url.slice(pathStart(url))
  if (!CANONICAL.test(address)) return false
  // A path with an empty segment or a very long one is none any more after `..` was resolved.
  if (segments === undefined) return pathOf(url).split("/").length > SEGMENTS_MAX + 1
  for (const name in segments) if (ODD_SEGMENT.test(segments[name] ?? "")) return false
  return true
}

/** Whether a URL has exactly this path and nothing after it. It costs less than `isCanonical`, where the path is known to be. */
function hasPath(url: string, path: string): boolean {
  return url.endsWith(path) && pathStart(url) + path.length === url.length
}

/** The addresses of purchases. Remembers a few that are canonical, because all buyers of a sale send the same one. */
export class PurchaseAddresses {
  readonly #known = new Map<string, string>()

  /** Whether `url` certainly is the canonical address of purchases in this sale. */
  isCanonical(url: string, saleId: string): boolean {
    if (this.#known.get(url) === saleId) return true
    if (!isId(saleId) || !hasPath(url, `/api/v1/sales/${saleId}/orders`)) return false
    if (this.#known.size < ADDRESSES_KEPT) this.#known.set(url, saleId)
    return true
  }
}

function pathStart(url: string): number {
  return url.startsWith("/") ? 0 : url.indexOf("/", url.indexOf("://") + 3)
}

/** Whether Host headers are such as RFC 9112 allows. Remembers a few that are, because every request has one. */
export class HostCheck {
  readonly #known = new Set<string>()

  /** `host` is null in a request of HTTP/1.0, which needs none. Two Host headers come joined by a comma and a space. */
  isAllowed(host: string | null): boolean {
    if (host === null || this.#known.has(host)) return true
    if (!HOST.test(host) || !URL.canParse(`http://${host}/`)) return false
    if (this.#known.size < HOSTS_KEPT) this.#known.add(host)
    return true
  }
}
