import { expect } from "bun:test"
import { mkdirSync } from "node:fs"
import { connect } from "node:http2"
import { basename, join } from "node:path"
import type { TlsFiles } from "../../../deploy/nginx/render.ts"
import { Authority } from "../../support/certificates.ts"
import { composeFile, textOf } from "../../support/compose-file.ts"
import { needs } from "../../support/needs.ts"
import { Nginx } from "../../support/nginx.ts"
import { DOCKER, NGINX, OPENSSL } from "../../support/programs.ts"
import { freePort } from "../../support/system.ts"
import { NginxContainer } from "./container.ts"
import { portsOf, replicas } from "./replica.ts"

/* The kind: a page or a cookie that goes over the wire in plain, although the shop has a certificate. */
const { afterAll, describe, shared, test } = needs(NGINX, OPENSSL)

const authority = await shared(async () => Authority.make())
const nodes = await shared(() => replicas())
/** As a shop sets it whose other hosts have certificates, too. */
const HSTS = "max-age=31536000; includeSubDomains"
const files = await shared(() => tlsFiles(false))
const nginx = await shared(() => Nginx.start({ upstreams: portsOf(nodes), tls: files }))
afterAll(async () => {
  await nginx.stop()
  for (const node of nodes) await node.die()
  authority[Symbol.dispose]()
})

async function tlsFiles(isHttp2Directive: boolean): Promise<TlsFiles> {
  const { certFile, keyFile } = authority.certificate()
  const names = { certificate: basename(certFile), key: basename(keyFile) }
  return { tlsPort: await freePort(), folder: authority.folder, ...names, isHttp2Directive, hsts: HSTS }
}

const secure = (port: number, path: string) =>
  fetch(`https://localhost:${port}${path}`, { tls: { ca: authority.pem }, redirect: "manual" })
const plain = (port: number, path: string, init: RequestInit = {}) =>
  fetch(`http://localhost:${port}${path}`, { redirect: "manual", ...init })

/** The status and the headers of an answer over HTTP/2. */
async function overHttp2(port: number, path: string): Promise<Record<string, unknown>> {
  const session = connect(`https://localhost:${port}`, { ca: authority.pem })
  try {
    return await new Promise((resolve, reject) => {
      session.on("error", reject)
      const stream = session.request({ ":path": path })
      stream.on("error", reject)
      stream.on("response", resolve)
      stream.end()
    })
  } finally {
    session.destroy()
  }
}

/** What both releases of nginx must do. */
async function servesHttps(port: number, tlsPort: number): Promise<void> {
  const page = await secure(tlsPort, "/sales/one")
  expect([page.status, page.headers.get("Strict-Transport-Security")]).toEqual([200, HSTS])
  expect(await overHttp2(tlsPort, "/sales/one")).toMatchObject({
    ":status": 200,
    "strict-transport-security": HSTS,
  })
  const led = await plain(port, "/sales/one?lang=id&a=%2Fb")
  expect(led.headers.get("X-Content-Type-Options")).toBe("nosniff")
  expect([led.status, led.headers.get("Location")]).toEqual([
    308,
    `https://localhost:${tlsPort}/sales/one?lang=id&a=%2Fb`,
  ])
}

describe("given a certificate, nginx", () => {
  test("serves HTTP/1.1 and HTTP/2 with HSTS, and leads plain HTTP there with the same address", async () => {
    await servesHttps(nginx.port, files.tlsPort)
  })

  test("tells replicas that the request came by HTTPS", async () => {
    for (const node of nodes) node.asked.length = 0
    await secure(files.tlsPort, "/orders/A1-AAAA")
    const asked = nodes.flatMap(node => node.asked)
    expect(asked.map(({ headers }) => headers["x-forwarded-proto"])).toEqual(["https"])
  })

  test("asks no replica for anything that came in plain, whatever the method", async () => {
    for (const node of nodes) node.asked.length = 0
    for (const method of ["GET", "HEAD", "POST", "PATCH", "DELETE"]) {
      const answer = await plain(nginx.port, "/api/v1/sales/one/orders", {
        method,
        ...(method === "POST" && { body: "{}" }),
      })
      expect([method, answer.status]).toEqual([method, 308])
      expect(answer.headers.get("Set-Cookie")).toBeNull()
    }
    expect(nodes.flatMap(node => node.asked)).toEqual([])
  })

  test("refuses odd addresses in plain as it does by HTTPS", async () => {
    for (const path of ["/sales//one", "/assets%2fx", "/a%0d%0aSet-Cookie:x"]) {
      expect([path, (await plain(nginx.port, path)).status]).toEqual([path, 400])
      expect([path, (await secure(files.tlsPort, path)).status]).toEqual([path, 400])
    }
  })

  test("keeps its own answers and the 404 of the public port under HSTS, and has no admin API there", async () => {
    const answer = await secure(files.tlsPort, "/api/v1/admin/nodes")
    expect([answer.status, answer.headers.get("Strict-Transport-Security")]).toEqual([404, HSTS])
  })

  test("leaves the operators' port on loopback plain and without HSTS", async () => {
    const answer = await plain(nginx.operatorsPort, "/api/v1/admin/nodes")
    expect([answer.status, answer.headers.get("Strict-Transport-Security")]).toEqual([200, null])
  })

  test("shows the authority's proof in plain, and no other file of that folder", async () => {
    const folder = join(authority.folder, "acme/.well-known/acme-challenge")
    mkdirSync(folder, { recursive: true })
    await Bun.write(join(folder, "token-1"), "token-1.thumbprint")
    const proof = await plain(nginx.port, "/.well-known/acme-challenge/token-1")
    expect([proof.status, await proof.text()]).toEqual([200, "token-1.thumbprint"])
    for (const path of ["token-2", "", `../../../${files.key}`, `%2e%2e/%2e%2e/%2e%2e/${files.key}`]) {
      const answer = await plain(nginx.port, `/.well-known/acme-challenge/${path}`)
      expect([400, 404, 308]).toContain(answer.status)
      expect(await answer.text()).not.toContain("PRIVATE KEY")
    }
  })

  test("takes no protocol older than TLS 1.2", async () => {
    const old = ["s_client", "-connect", `localhost:${files.tlsPort}`, "-tls1_1", "-cipher", "ALL:@SECLEVEL=0"]
    expect(Bun.spawnSync([OPENSSL.path, ...old], { stdin: "ignore" }).exitCode).not.toBe(0)
    const now = ["s_client", "-connect", `localhost:${files.tlsPort}`, "-tls1_2"]
    expect(Bun.spawnSync([OPENSSL.path, ...now], { stdin: "ignore" }).exitCode).toBe(0)
  })
})

needs(DOCKER, NGINX, OPENSSL).test(
  "so does the release of nginx that compose.yaml names",
  async () => {
    const tls = await tlsFiles(true)
    await using container = await NginxContainer.start(nodes, tls)
    await servesHttps(container.port, tls.tlsPort)
  },
  60_000,
)

test("compose.tls.yaml turns it on, and compose.yaml has every setting of the templates", async () => {
  const { services } = await composeFile()
  const more = Bun.YAML.parse(await textOf("compose.tls.yaml")) as typeof services extends infer S
    ? { services: S }
    : never
  expect(more.services.nginx?.environment).toMatchObject({ TLS: "on" })
  expect(more.services.nginx?.ports).toEqual(["$" + "{TLS_PORT:-443}:8443"])
  expect(services.nginx?.environment).toMatchObject({
    TLS: "off",
    LISTEN_TLS: "8443 ssl",
    TLS_FOLDER: "/etc/nginx/tls",
  })
  const settings = Object.keys(services.nginx?.environment ?? {})
  for (const name of ["edge", "public-off", "public-on", "redirect-off", "redirect-on"]) {
    const template = await textOf(`deploy/nginx/templates/${name}.conf.template`)
    const used = [...template.matchAll(/\$\{([A-Z_]+)\}/g)].map(([, setting]) => setting)
    expect(used.filter(setting => !settings.includes(setting!))).toEqual([])
  }
})
