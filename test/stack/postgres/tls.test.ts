import { expect } from "bun:test"
import { chmodSync } from "node:fs"
import { join } from "node:path"
import { LedgerFault } from "../../../src/core/ports/ledger.ts"
import { PostgresLedger } from "../../../src/stack/postgres/ledger.ts"
import { Authority } from "../../support/certificates.ts"
import { needs } from "../../support/needs.ts"
import { Cluster } from "../../support/postgres.ts"
import { OPENSSL, POSTGRES } from "../../support/programs.ts"

/* The kind is that of test/stack/redis/tls.test.ts: TLS is never less than asked for. */
const { afterAll, describe, shared, test } = needs(POSTGRES, OPENSSL)

const authority = await shared(async () => Authority.make())
const stranger = await shared(async () => Authority.make())
const cluster = await shared(() => Cluster.start())
afterAll(async () => {
  await cluster[Symbol.asyncDispose]()
  authority[Symbol.dispose]()
  stranger[Symbol.dispose]()
})

/** The server again, with a certificate for `names`. */
async function restartWith(names?: string): Promise<void> {
  const files = authority.certificate(names)
  const [cert, key] = [join(cluster.folder, "server.pem"), join(cluster.folder, "server.key")]
  await Bun.write(cert, Bun.file(files.certFile))
  await Bun.write(key, Bun.file(files.keyFile))
  // PostgreSQL refuses a key that anybody else could read.
  if (process.getuid?.() === 0) Bun.spawnSync(["chown", "postgres:postgres", cert, key])
  chmodSync(key, 0o600)
  await cluster.stop()
  await cluster.start(["ssl=on", `ssl_cert_file=${cert}`, `ssl_key_file=${key}`])
}

/** Whether each connection is encrypted, or the fault. */
async function told(search: string, ca?: string, host = "127.0.0.1"): Promise<string> {
  const url = new URL(cluster.url)
  url.hostname = host
  url.search = search
  const ledger = new PostgresLedger({ url: url.href, ca })
  try {
    await ledger.ready()
    const [row] = await cluster.query(
      "SELECT bool_and(ssl) AS ssl FROM pg_stat_ssl JOIN pg_stat_activity USING (pid) WHERE application_name = 'doorbuster'",
    )
    await ledger.cursors()
    const [pooled] = await cluster.query(
      "SELECT bool_and(ssl) AS ssl FROM pg_stat_ssl JOIN pg_stat_activity USING (pid) WHERE application_name = 'doorbuster'",
    )
    return `ready, ${(row?.ssl ?? true) && pooled?.ssl ? "encrypted" : "plain"}`
  } catch (error) {
    expect(error).toBeInstanceOf(LedgerFault)
    return (error as LedgerFault).message
  } finally {
    await ledger[Symbol.asyncDispose]()
  }
}

describe("given sslmode=verify-full", () => {
  test("and a server without TLS, it is refused", async () => {
    expect(await told("sslmode=verify-full", authority.pem)).toBe(
      "PostgreSQL cannot be reached: The server does not support SSL connections.",
    )
  })

  test("and the authority's certificate, it works and every connection is encrypted", async () => {
    await restartWith()
    expect(await told("sslmode=verify-full", authority.pem)).toBe("ready, encrypted")
    expect(await told("sslmode=verify-full", authority.pem, "localhost")).toBe("ready, encrypted")
    expect(await told("")).toBe("ready, plain")
  })

  test("and another authority, or none, the server is refused", async () => {
    await restartWith()
    for (const ca of [stranger.pem, undefined]) {
      expect(await told("sslmode=verify-full", ca)).toMatch(/^PostgreSQL cannot be reached: .*certificate.*\.$/)
    }
  })

  test("and a certificate of another host, the server is refused", async () => {
    await restartWith("DNS:elsewhere.example")
    for (const host of ["127.0.0.1", "localhost"]) {
      expect(await told("sslmode=verify-full", authority.pem, host)).toMatch(
        /^PostgreSQL cannot be reached: .*altnames.*\.$/,
      )
    }
  })
})
