/**
 * Addresses that some reader takes for another one. The kind: whatever two readers on the way (nginx, Bun, the router, a cache) may
 * decode, resolve or cut in different ways. Each of these becomes `path`, or one of its neighbours, for at least one reader.
 */
export function oddAddresses(paths: readonly string[]): string[] {
  return [...new Set(paths.flatMap(oddFormsOf))]
}

const DOTS = ["..", "%2e%2e", "%2E%2E", ".%2e", "%2e."]
const DOT = [".", "%2e", "%2E"]
const SLASHES = [
  "%2f",
  "%2F",
  "%5c",
  "%5C",
  "\\",
  "//",
  "/%2f",
  "/./",
  "/%2e/",
  "/x/../",
  "/x%2f../",
  "/x/%2e%2e/",
  "/x\\..\\",
]

function oddFormsOf(path: string): string[] {
  const tail = path.slice(1)
  const [query = ""] = /\?.*/.exec(path) ?? []
  const bare = path.slice(0, path.length - query.length)
  const odd = [
    ...DOTS.flatMap(dots => [`/x/${dots}/${tail}`, `/sales/${dots}%2f${tail}`, `/${dots}/${tail}`]),
    ...DOTS.flatMap(dots => [`${bare}/x/${dots}${query}`, `/orders%2fx/${dots}/${tail}`, `/assets/${dots}\\${tail}`]),
    ...DOT.flatMap(dot => [`/${dot}/${tail}`, `${bare}/${dot}${query}`]),
    ...[`//${tail}`, `///${tail}`, `/\\${tail}`, `/%2f${tail}`, `//shop.example/${tail}`, `${bare}//${query}`],
    ...["%00", "%0a", "%0d%0a", "%7f", "%1f", "%", "%4", "%zz", "%u002f", "#", "#x", "\\"].map(
      end => bare + end + query,
    ),
    ...["%c0%af", "%e0%80%af", "%c0%ae%c0%ae"].map(overlong => `/x${overlong}/../${tail}`),
    `http://shop.example//${tail}`,
    `http://shop.example/x/../${tail}`,
  ]
  for (let at = 1; at < bare.length; at++) {
    if (bare[at] === "/") odd.push(...SLASHES.map(slash => bare.slice(0, at) + slash + bare.slice(at + 1) + query))
    else if (/[A-Za-z0-9._~-]/.test(bare[at] ?? "")) {
      odd.push(`${bare.slice(0, at)}%${bare.charCodeAt(at).toString(16)}${bare.slice(at + 1)}${query}`)
    }
  }
  return odd
}
