import { OPERATORS_PATHS, PUBLIC_PATHS } from "./addresses.ts"
import type { HeadRequest } from "./pipeline.ts"

/** Numbers from 0 to 1 that a seed repeats (mulberry32). */
function numbersFrom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

const SHORT_OPERATORS_PATHS = OPERATORS_PATHS.filter(path => path.split("/").length === 2)
const PIECES = [
  ..."%2f %2F %5c \\ // /./ /../ .. . %2e %2E%2E .%2e %00 %0a %7f % %zz %4 %25 %252e %252f %255c ; ..; # ? @ : ~ * é \x01".split(
    " ",
  ),
  ..."%c0%af %e0%80%ae %u002e ?x:y/ :// http://inside //inside @inside |{}^ orders sales assets metrics control admin api v1".split(
    " ",
  ),
]
const SLASHES = ["%2f", "%2F", "\\", "%5c", "//", "/./", "/%2e/", "/x/../", "/x/%2e%2e/", "%252f", ";/", "/;/"]
const UPS = ["/..", "/%2e%2e", "%2f..", "%2f%2e%2e", "\\..", "%5c..", "/..;", "/.%2e", "//.."]
const HOSTS = [
  "a@b",
  "a<b",
  "a/b",
  "a?b",
  "a#b",
  "",
  "a, b",
  "[::1",
  "a:b",
  "a:99999",
  "é",
  "127.0.0.1",
  "[::1]:80",
  "a%2fb",
  "a\\b",
]
const METHODS = ["HEAD", "POST", "OPTIONS", "PUT", "PATCH", "DELETE", "TRACE", "PROPFIND", "FOO", "get"]
const HEADERS = [
  "Cache-Control: no-cache",
  "Pragma: no-cache",
  "X-Original-URL: /metrics",
  "X-Rewrite-URL: /api/v1/admin/nodes",
  "X-Forwarded-Prefix: /api/v1/admin",
  "X-Forwarded-Host: inside",
  "X-HTTP-Method-Override: DELETE",
  "Host: inside",
]

/** Requests whose address, Host or method is odd in many ways, most of them on the way from a public route to an operators' one. */
export function fuzzedRequests(seed: number, count: number, credential: string): HeadRequest[] {
  const number = numbersFrom(seed)
  const one = <Value>(from: readonly Value[]): Value => from[Math.floor(number() * from.length)] as Value
  const at = (text: string) => Math.floor(number() * (text.length + 1))
  const insert = (text: string, piece: string) => {
    const where = at(text)
    return text.slice(0, where) + piece + text.slice(where)
  }
  // nginx passes on two parts below a public folder at most, so that the short ones are most likely to get through.
  const inside = () => (number() < 0.5 ? one(SHORT_OPERATORS_PATHS) : one(OPERATORS_PATHS))
  // With a slash encoded, one reader is at the top when the other is still in the folder of a public route.
  const climb = (path: string) => {
    const [first = "", ...parts] = path
      .replace(/[?#].*/s, "")
      .split("/")
      .slice(1)
    const rest = parts.length > 0 ? parts : ["x"]
    const slashAt = Math.floor(number() * rest.length)
    const climbed = rest.map((part, nth) => `${nth === slashAt ? one(["%2f", "%2F"]) : "/"}${part}`)
    return `/${first}${climbed.join("")}${one(["/..", "/%2e%2e", "/.%2e"]).repeat(rest.length)}${inside()}`
  }
  const changes: ((path: string) => string)[] = [
    path => insert(path, one(PIECES)),
    path => insert(path, one(PIECES)),
    path => path.replace(/\/(?=[^/]*$)/, one(SLASHES)),
    path => path.replace("/", one(SLASHES)),
    path => path.replace(/[a-z](?=[^a-z]*$)/, letter => `%${letter.charCodeAt(0).toString(16)}`),
    path => {
      const where = at(path)
      return path.slice(0, where) + path.slice(where).replace(/\w/, letter => `%${letter.charCodeAt(0).toString(16)}`)
    },
    path => path + one(UPS).repeat(1 + Math.floor(number() * 5)) + inside(),
    path => `${path}${one(["?", "#", "%3f", ";"])}${inside()}`,
    path => `http://${one(["inside", "a@b", "shop.example:80"])}${path}`,
    // One reader sees a longer last part, which `..` takes away; the other sees two.
    path => path.replace(/\/(?=[^/]*$)/, one(["%2f", "%5c", "\\"])) + one(UPS) + inside(),
    path => path.replace(/\/(?=[^/]*$)/, "%2fx/") + one(UPS).repeat(2) + inside(),
    climb,
    climb,
    climb,
    path => `${path}/`,
    path => path.toUpperCase(),
  ]
  return Array.from({ length: count }, () => {
    let target = number() < 0.6 ? one(PUBLIC_PATHS) : one(OPERATORS_PATHS)
    for (let left = Math.floor(number() * 4); left > 0; left--) target = one(changes)(target)
    const headers = [
      `Authorization: Bearer ${credential}`,
      "Content-Length: 0",
      ...(number() < 0.2 ? [one(HEADERS)] : []),
    ]
    // A request line with a space or a line break in its address would be another request.
    const safe = target.replace(/[ \r\n]/g, "+")
    const method = number() < 0.2 ? one(METHODS) : "GET"
    return { method, target: safe, headers, ...(number() < 0.15 && { host: one(HOSTS) }) }
  })
}
