import { integer } from "../../format.ts"
import { exchange, type Persona, repeat, type Scene } from "./persona.ts"

interface Request {
  path: string
  host?: string
}

/** Hosts that RFC 9112 does not allow. With one of them a careless server finds its route in the query. */
const HOSTS = ["a@b", "a<b", "a/b", "a?b", "a#b", "a b", "a\\b", ""]
/** Addresses that lead inside if only one of two programs decodes them. */
const INSIDE = [
  "/orders%2fx/../metrics",
  "/orders%2fx/../control",
  "/sales/..%2fcontrol",
  "/sales/%2e%2e/metrics",
  "/api%2fv1%2fadmin%2fnodes",
  "/api/v1/orders/..%2fadmin%2fnodes",
  "//metrics",
  "/./metrics",
  "/sales/..\\metrics",
  "/metrics%00",
]

/**
 * Asks for addresses that two programs may read differently, so that a cache keeps one thing under the name of another,
 * and for hosts that lead to another route.
 */
export const poison: Persona = {
  async attack(scene) {
    const before = await contents(scene)
    const requests = [...inside(), ...[...before.keys()].flatMap(disguised)]
    const answered = new Set<string>()
    const reached = new Set<string>()
    const sent = await repeat(scene, async turn => {
      const { path, host } = requests[turn % requests.length]!
      const { target } = scene
      const text = `GET ${path} HTTP/1.1\r\nHost: ${host ?? target.authority}\r\nCache-Control: no-cache\r\n\r\n`
      const answer = await exchange(target, text, scene)
      // 401 shows that a route inside was found.
      if (host !== undefined && answer && answer.status !== 400) reached.add(`"${host}"`)
      else if (answer && answer.status < 400) answered.add(path)
    })
    const after = await contents(scene)
    const faults: string[] = []
    if (answered.size > 0) faults.push(`Odd addresses were answered as if they were others: ${some(answered)}.`)
    if (reached.size > 0) faults.push(`Hosts that are none were not refused: ${some(reached)}.`)
    for (const [path, content] of before) {
      if (after.get(path) !== content) faults.push(`${path} is not what it was before.`)
    }
    return { did: `${integer(sent)} requests for ${requests.length} odd addresses`, faults }
  },
}

function some(all: ReadonlySet<string>): string {
  const [one, two, three, ...rest] = all
  return [one, two, three, rest.length > 0 && `and ${rest.length} more`].filter(Boolean).join(", ")
}

function inside(): Request[] {
  const hosts = HOSTS.map(host => ({ path: "/livez?x:abc/api/v1/admin/nodes", host }))
  return [...INSIDE.map(path => ({ path })), ...hosts]
}

/** Other spellings of an address that is allowed. */
function disguised(path: string): Request[] {
  const name = path.slice(1)
  const encoded = name.replaceAll("/", "%2f")
  return [
    `/sales/..%2f${encoded}`,
    `/sales/../${name}`,
    `/sales/%2e%2e/${name}`,
    `//${name}`,
    `/./${name}`,
    `${path}%00`,
  ]
    .filter(address => address !== path)
    .map(address => ({ path: address }))
}

/** The launch page and everything that it loads: type and body by path. */
async function contents({ target, timeoutMs }: Scene): Promise<Map<string, string>> {
  const read = async (path: string): Promise<string> => {
    try {
      const response = await fetch(target.origin + path, { signal: AbortSignal.timeout(timeoutMs) })
      return `${response.status} ${response.headers.get("content-type")}\n${await response.text()}`
    } catch {
      return "no answer"
    }
  }
  const page = await read("/")
  const found = new Map([["/", page]])
  for (const [, path] of page.matchAll(/(?:src|href)="(\/assets\/[^"]+)"/g)) {
    if (path !== undefined) found.set(path, await read(path))
  }
  return found
}
