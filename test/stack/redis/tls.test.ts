import { expect } from "bun:test"
import { RedisInventory, type RedisOptions } from "../../../src/stack/redis/inventory.ts"
import { Authority } from "../../support/certificates.ts"
import { eventually } from "../../support/eventually.ts"
import { needs } from "../../support/needs.ts"
import { OPENSSL, REDIS } from "../../support/programs.ts"
import { RedisServer } from "../../support/redis.ts"
import { openGates } from "../../support/stores/redis-kinds.ts"
import { freePort } from "../../support/system.ts"

/*
 * The kind: a connection that is to be safe, and is not. Whoever sits between a replica and its store can read every order and
 * decide in the store's place. So TLS is never less than asked for: a certificate of another authority or another host, or a
 * server without TLS, is one sentence and no connection.
 */
const { afterAll, describe, shared, test } = needs(REDIS, OPENSSL)

const authority = await shared(async () => Authority.make())
const stranger = await shared(async () => Authority.make())
const server = await shared(async () => startServer(authority))
afterAll(async () => {
  await server.stop()
  authority[Symbol.dispose]()
  stranger[Symbol.dispose]()
})

async function startServer(signer: Authority, names?: string, more: Record<string, string> = {}) {
  const { certFile, keyFile } = signer.certificate(names)
  const tlsPort = await freePort()
  const files = { "tls-cert-file": certFile, "tls-key-file": keyFile, "tls-ca-cert-file": signer.file }
  const settings = { "tls-port": String(tlsPort), "tls-auth-clients": "no", ...files, ...more }
  return Object.assign(await RedisServer.start({ settings }), { tlsPort })
}

/** The fault of a store that is refused. */
async function refusalOf(options: RedisOptions): Promise<string> {
  await using inventory = new RedisInventory(options)
  inventory.start()
  const fault = await eventually("the store is refused", () =>
    inventory.fault === "The store is not connected yet." ? undefined : inventory.fault,
  )
  return fault
}

describe("given rediss://", () => {
  test("and the authority's certificate, it works", async () => {
    const url = `rediss://127.0.0.1:${server.tlsPort}`
    await using inventory = new RedisInventory({ url, ca: authority.pem })
    inventory.start()
    await inventory.connected()
    await openGates(inventory)
    expect(await inventory.sales()).toEqual([])
  })

  test("and a name of the certificate instead of an address, it works", async () => {
    await using inventory = new RedisInventory({ url: `rediss://localhost:${server.tlsPort}`, ca: authority.pem })
    inventory.start()
    await inventory.connected()
  })

  test("and another authority, or none, the server is refused", async () => {
    const url = `rediss://127.0.0.1:${server.tlsPort}`
    for (const options of [{ url, ca: stranger.pem }, { url }]) {
      expect(await refusalOf(options)).toMatch(/^The store at 127\.0\.0\.1:\d+ cannot be reached: .*certificate.*\.$/)
    }
  })

  test("and a certificate of another host, the server is refused", async () => {
    const elsewhere = await startServer(authority, "DNS:elsewhere.example")
    for (const host of ["127.0.0.1", "localhost"]) {
      const url = `rediss://${host}:${elsewhere.tlsPort}`
      expect(await refusalOf({ url, ca: authority.pem })).toMatch(
        /^The store at \S+ cannot be reached: .*altnames.*\.$/,
      )
    }
    await elsewhere.stop()
  })

  test("and a server without TLS, it is refused", async () => {
    const url = `rediss://127.0.0.1:${server.port}`
    expect(await refusalOf({ url, ca: authority.pem })).toMatch(/^The store at \S+ cannot be reached: .*\.$/)
  })

  test("and Sentinels, their answers and the master's come over TLS only", async () => {
    const url = `rediss+sentinel://127.0.0.1:${server.tlsPort}/main`
    expect(await refusalOf({ url, ca: stranger.pem })).toMatch(/^The store's Sentinels cannot be asked: .*certificate/)
    // A server that is no Sentinel: TLS worked, and the answer is an error of Redis.
    expect(await refusalOf({ url, ca: authority.pem })).toMatch(
      /^The store's Sentinels cannot be asked: .*unknown command/,
    )
  })

  test("and a cluster, each of its nodes is reached over TLS", async () => {
    const bus = { "cluster-enabled": "yes", "tls-cluster": "yes", "cluster-port": String(await freePort()) }
    const node = await startServer(authority, undefined, bus)
    await node.command("CLUSTER", "ADDSLOTSRANGE", "0", "16383")
    await eventually("the cluster serves", async () =>
      String(await node.command("CLUSTER", "INFO")).includes("cluster_state:ok"),
    )
    const url = `rediss+cluster://127.0.0.1:${node.tlsPort}`
    await using inventory = new RedisInventory({ url, ca: authority.pem })
    inventory.start()
    await inventory.connected()
    await openGates(inventory)
    expect(await inventory.sales()).toEqual([])
    await node.stop()
  })
})

test("given redis:// and a server with TLS only, the store is refused", async () => {
  expect(await refusalOf({ url: `redis://127.0.0.1:${server.tlsPort}` })).toMatch(
    /^The store at \S+ cannot be reached: /,
  )
})
