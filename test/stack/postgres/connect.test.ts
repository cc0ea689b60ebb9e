import { expect } from "bun:test"
import pg from "pg"
import { LedgerFault } from "../../../src/core/ports/ledger.ts"
import { clientConfig } from "../../../src/stack/postgres/connect.ts"
import { PostgresLedger } from "../../../src/stack/postgres/ledger.ts"
import { migrate } from "../../../src/stack/postgres/migrate.ts"
import { needs } from "../../support/needs.ts"
import { Cluster } from "../../support/postgres.ts"
import { POSTGRES } from "../../support/programs.ts"
import { freePort } from "../../support/system.ts"

const { afterAll, beforeAll, describe, test } = needs(POSTGRES)

let cluster: Cluster

beforeAll(async () => {
  cluster = await Cluster.start()
}, 60_000)
afterAll(() => cluster[Symbol.asyncDispose]())

const newUrl = async () => cluster.urlAt(cluster.port, await cluster.createDatabase())

/** The fault's message and kind. */
async function told(url: string, password?: string): Promise<string> {
  const ledger = new PostgresLedger({ url, password })
  try {
    await ledger.ready()
    return "ready"
  } catch (error) {
    expect(error).toBeInstanceOf(LedgerFault)
    return `${(error as LedgerFault).kind}: ${(error as LedgerFault).message}`
  } finally {
    await ledger[Symbol.asyncDispose]()
  }
}

describe("a ledger that cannot be used is refused with one sentence", () => {
  test("a wrong password, a wrong user", async () => {
    const wrong = (change: (url: URL) => void) => {
      const url = new URL(cluster.url)
      change(url)
      return told(url.href)
    }
    const refused = "unfit: PostgreSQL cannot be used: it refuses the user or the password of LEDGER_URL"
    expect(
      await wrong(url => {
        url.password = "wrong"
      }),
    ).toBe(`${refused} (password authentication failed for user "doorbuster").`)
    expect(
      await wrong(url => {
        url.username = "nobody"
      }),
    ).toBe(`${refused} (password authentication failed for user "nobody").`)
  })

  test("a password given beside the URL is used, whatever characters it has", async () => {
    await cluster.query(`CREATE ROLE other LOGIN SUPERUSER PASSWORD 'a %/@:?#" strange one'`)
    const url = new URL(await newUrl())
    url.username = "other"
    expect(await told(url.href, 'a %/@:?#" strange one')).toBe("ready")
    url.password = ""
    expect(await told(url.href, 'a %/@:?#" strange one')).toBe("ready")
    expect(await told(url.href, "wrong")).toMatch(/^unfit: .* the password of LEDGER_URL/)
  })

  test("a missing database, a closed port, an unknown host", async () => {
    expect(await told(cluster.urlAt(cluster.port, "missing"))).toBe(
      'unfit: PostgreSQL cannot be used: there is no such database (database "missing" does not exist).',
    )
    expect(await told(cluster.urlAt(await freePort()))).toBe(
      "away: PostgreSQL cannot be reached: nothing listens there.",
    )
    expect(await told("postgres://doorbuster@no-such-host.invalid/doorbuster")).toBe(
      "away: PostgreSQL cannot be reached: its host is unknown.",
    )
  })

  test("a user who may not make tables", async () => {
    await cluster.query("CREATE ROLE reader LOGIN PASSWORD 'reader'")
    const url = new URL(await newUrl())
    Object.assign(url, { username: "reader", password: "reader" })
    expect(await told(url.href)).toMatch(/^unfit: PostgreSQL cannot be used: the user of LEDGER_URL may not do this/)
  })

  test("a user who may only read is enough for reading", async () => {
    const url = await newUrl()
    await told(url)
    await cluster.query("CREATE ROLE viewer LOGIN PASSWORD 'viewer'")
    await cluster.query("GRANT SELECT ON ALL TABLES IN SCHEMA public TO viewer", [], url)
    const theirs = new URL(url)
    Object.assign(theirs, { username: "viewer", password: "viewer" })
    expect(await told(theirs.href)).toBe("ready")
  })

  test.each(["fsync", "full_page_writes"])(
    "a server whose %s is off",
    async setting => {
      await using unsafe = await Cluster.start({ settings: [`${setting}=off`] })
      expect(await told(unsafe.url)).toBe(`unfit: PostgreSQL's ${setting} is off, but must be on.`)
    },
    60_000,
  )

  test("a server that became unsafe while it was away", async () => {
    await using server = await Cluster.start()
    const ledger = new PostgresLedger({ url: server.url })
    await ledger.ready()
    await server.stop()
    await server.start(["fsync=off"])
    const read = () =>
      ledger.cursors().then(
        () => "read",
        (error: LedgerFault) => error.message,
      )
    expect(await read()).toBe("PostgreSQL's fsync is off, but must be on.")
    await server.stop()
    await server.start(["fsync=on"])
    expect(await read()).toBe("read")
    await ledger[Symbol.asyncDispose]()
  }, 60_000)

  test("commits are durable even if the role's own setting says otherwise", async () => {
    await cluster.query("CREATE ROLE hasty LOGIN SUPERUSER PASSWORD 'hasty'")
    await cluster.query("ALTER ROLE hasty SET synchronous_commit = off")
    const url = new URL(await newUrl())
    Object.assign(url, { username: "hasty", password: "hasty" })
    expect(await told(url.href)).toBe("ready")
  })
})

describe("migrations", () => {
  const recorded = (url: string) => cluster.query("SELECT number::int, name, kind FROM migrations ORDER BY 1", [], url)

  test("are applied once when several servers start at the same time", async () => {
    const url = await newUrl()
    expect(await Promise.all(Array.from({ length: 6 }, () => told(url)))).toEqual(Array(6).fill("ready"))
    expect(await recorded(url)).toEqual([
      { number: 1, name: "ledger", kind: "additive" },
      { number: 2, name: "created-seq", kind: "breaking" },
      { number: 3, name: "system", kind: "additive" },
      { number: 4, name: "seals", kind: "additive" },
    ])
  })

  test("of a later release are added, and one that fails leaves nothing behind", async () => {
    const url = await newUrl()
    await told(url)
    const own = (await recorded(url)) as { number: number; name: string }[]
    const later = [
      ...own.map(({ number, name }) => ({ number, name, sql: "" })),
      { number: own.length + 1, name: "notes", sql: "-- breaking\nCREATE TABLE notes (note text);" },
      { number: own.length + 2, name: "wrong", sql: "-- additive\nCREATE TABLE more (more text); SELECT wrong;" },
    ]
    const client = new pg.Client(clientConfig({ url }))
    await client.connect()
    await expect(migrate(client, later)).rejects.toThrow('column "wrong" does not exist')
    await client.end()
    const notes = { number: own.length + 1, name: "notes", kind: "breaking" }
    expect(await recorded(url)).toMatchObject([...own, notes])
    expect(await cluster.query("SELECT to_regclass('notes') AS notes, to_regclass('more') AS more", [], url)).toEqual([
      { notes: "notes", more: null },
    ])
  })

  test("of a newer release are accepted if they are additive, and end the start if they are breaking", async () => {
    const url = await newUrl()
    await told(url)
    await cluster.query("INSERT INTO migrations (number, name, kind) VALUES (7, 'more', 'additive')", [], url)
    expect(await told(url)).toBe("ready")
    await cluster.query("INSERT INTO migrations (number, name, kind) VALUES (8, 'split', 'breaking')", [], url)
    expect(await told(url)).toBe(
      "unfit: The ledger was changed by a newer Doorbuster (migration 8, split); this one must be updated.",
    )
  })
})
