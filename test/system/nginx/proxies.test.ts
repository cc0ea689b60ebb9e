import { expect } from "bun:test"
import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { textOf } from "../../support/compose-file.ts"
import { eventually } from "../../support/eventually.ts"
import { LiveReader } from "../../support/http/live-reader.ts"
import { pipelined } from "../../support/http/pipeline.ts"
import { needs } from "../../support/needs.ts"
import { Nginx } from "../../support/nginx.ts"
import { CADDY, NGINX } from "../../support/programs.ts"
import { Server } from "../../support/server.ts"
import { freePort, System } from "../../support/system.ts"
import { tokenOf } from "../../support/token.ts"
import { portsOf, replicas } from "./replica.ts"

/** Other people's proxies: the runbook's examples as they stand there, but for ports, names and certificates. */
const { test } = needs(NGINX)

test("nginx believes X-Forwarded-For of the named networks, and of nobody else", async () => {
  const nodes = await replicas()
  const seenAs = async (realIpFrom: string[], forwarded: string) => {
    await using nginx = await Nginx.start({ upstreams: portsOf(nodes), realIpFrom })
    for (const node of nodes) node.asked.length = 0
    const headers = [`X-Forwarded-For: ${forwarded}`]
    const ports = [nginx.port, nginx.operatorsPort]
    for (const port of ports) await pipelined(port, [{ method: "GET", target: "/livez", headers }])
    return nodes.flatMap(({ asked }) => asked.map(({ headers }) => headers["x-forwarded-for"])).sort()
  }
  expect(await seenAs([], "192.0.2.1")).toEqual(["127.0.0.1", "127.0.0.1"])
  expect(await seenAs(["192.0.2.0/24"], "198.51.100.7")).toEqual(["127.0.0.1", "127.0.0.1"])
  expect(await seenAs(["127.0.0.1"], "192.0.2.66, 192.0.2.1")).toEqual(["127.0.0.1", "192.0.2.1"])
  const twoHops = ["127.0.0.1", "203.0.113.0/24"]
  expect(await seenAs(twoHops, "192.0.2.66, 192.0.2.1, 203.0.113.5")).toEqual(["127.0.0.1", "192.0.2.1"])
  expect(await seenAs(["127.0.0.1"], "no address")).toEqual(["127.0.0.1", "127.0.0.1"])
  for (const node of nodes) await node.die()
}, 60_000)

/** The first block of this language in the runbook. */
async function example(language: string): Promise<string> {
  return new RegExp(`\`\`\`${language}\n(.*?)\n\`\`\``, "s").exec(await textOf("docs/runbook.md"))?.[1] ?? ""
}

/** Starts a proxy with the runbook's example, tries what matters, and ends it. */
async function passes(port: number, system: System, proxy: Server, more = async () => {}): Promise<void> {
  const url = `http://127.0.0.1:${port}`
  proxy.start()
  try {
    await eventually("the proxy answers", async () => {
      if (!proxy.isRunning) throw new Error(proxy.log)
      return (await fetch(`${url}/livez`).catch(() => undefined))?.status === 200
    })
    await system.createSale("behind", { total: 3 })
    using reader = await LiveReader.open(url, "behind")
    const shows = (free: number) => reader.until(({ sale }) => sale.items[0]?.free === free)
    await shows(3)
    for (const left of [2, 1, 0]) {
      expect((await system.buy("behind", tokenOf(`buyer-${left}`), "k")).status).toBe(201)
      await shows(left)
    }
    await more()
    const guess = (token: string, from: string) =>
      fetch(`${url}/api/v1/admin/nodes`, { headers: { Authorization: `Bearer ${token}`, "X-Forwarded-For": from } })
    // Whatever a client writes into X-Forwarded-For, it stays one client.
    for (let at = 0; at < 11; at++) await guess(`guess-${at}`, `192.0.2.${at}`)
    expect((await guess("one-more", "192.0.2.99")).status).toBe(429)
    const other = { headers: { Authorization: "Bearer another-guess", "X-Forwarded-For": "198.51.100.1" } }
    expect((await fetch(`${system.url}/api/v1/admin/nodes`, other)).status).toBe(401)
  } finally {
    // Caddy waits for its clients to go. A master of nginx that is killed leaves its workers behind.
    await proxy.stop(proxy.name === "caddy" ? "SIGKILL" : "SIGTERM")
  }
}

test("the runbook's nginx passes on addresses, events and the client's own address", async () => {
  const folder = mkdtempSync(join(tmpdir(), "doorbuster-proxy-"))
  await using system = await System.start({ env: { TRUST_PROXY: "1", REPLICAS: "1" } })
  const port = await freePort()
  const server = (await example("nginx"))
    .replace("listen 443 ssl;", `listen 127.0.0.1:${port};`)
    .replace(/ {2}ssl_certificate.*\n/g, "")
    .replace("127.0.0.1:8080", `127.0.0.1:${system.port}`)
  const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map(
    name => `${name}_temp_path ${folder}/${name};`,
  )
  const user = process.getuid?.() === 0 ? "user root;" : ""
  const main = ["daemon off;", user, `pid ${folder}/pid;`, `error_log ${folder}/error.log;`, "events {}"]
  const text = [...main, `http { access_log off; ${temporary.join(" ")}`, server, "}"].join("\n")
  writeFileSync(join(folder, "nginx.conf"), text)
  const command = [NGINX.path, "-e", join(folder, "error.log"), "-c", join(folder, "nginx.conf")]
  const proxy = new Server("nginx", command, join(folder, "log"))
  await passes(port, system, proxy, async () => {
    const odd = ["/x/../livez", "/liv%65z", "/sales%2fbehind", "//livez"].map(target => ({ method: "GET", target }))
    for (const answer of await pipelined(port, odd, 1)) expect(answer?.status).toBe(400)
  })
  rmSync(folder, { recursive: true, force: true })
}, 60_000)

needs(CADDY).test(
  "the runbook's Caddy passes on addresses, events and the client's own address",
  async () => {
    const folder = mkdtempSync(join(tmpdir(), "doorbuster-proxy-"))
    await using system = await System.start({ env: { TRUST_PROXY: "1", REPLICAS: "1" } })
    const port = await freePort()
    const site = (await example("caddyfile"))
      .replace("shop.example", `http://127.0.0.1:${port}`)
      .replace("127.0.0.1:8080", `127.0.0.1:${system.port}`)
    writeFileSync(join(folder, "Caddyfile"), `{\n\tadmin off\n}\n${site}\n`)
    const command = [CADDY.path, "run", "--adapter", "caddyfile", "--config", join(folder, "Caddyfile")]
    const env = { ...process.env, HOME: folder, XDG_DATA_HOME: folder, XDG_CONFIG_HOME: folder }
    await passes(port, system, new Server("caddy", command, join(folder, "log"), env))
    rmSync(folder, { recursive: true, force: true })
  },
  60_000,
)
