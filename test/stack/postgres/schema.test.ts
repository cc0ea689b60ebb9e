import { expect } from "bun:test"
import { readdirSync } from "node:fs"
import { join } from "node:path"
import { PostgresLedger } from "../../../src/stack/postgres/ledger.ts"
import { ROOT } from "../../support/files.ts"
import { needs } from "../../support/needs.ts"
import { Cluster } from "../../support/postgres.ts"
import { POSTGRES } from "../../support/programs.ts"
import { dumpSchema } from "./schema-dump.ts"

const { test } = needs(POSTGRES)

const FOLDER = join(ROOT, "src/stack/postgres")

test("schema.sql is the result of all migrations; scripts/schema.ts writes it", async () => {
  await using cluster = await Cluster.start()
  const ledger = new PostgresLedger({ url: cluster.url })
  await ledger.ready()
  await ledger[Symbol.asyncDispose]()
  const dumped = await dumpSchema(cluster.url)
  expect(await Bun.file(join(FOLDER, "schema.sql")).text()).toBe(dumped)

  // The dump is a schema: it makes the same database.
  const copy = cluster.urlAt(cluster.port, await cluster.createDatabase())
  await cluster.query(dumped, [], copy)
  expect(await dumpSchema(copy)).toBe(dumped)
}, 60_000)

test("every migration is numbered, known to the code, and says what it does to older servers", async () => {
  const files = readdirSync(join(FOLDER, "migrations")).sort()
  const code = await Bun.file(join(FOLDER, "migrate.ts")).text()
  for (const [at, file] of files.entries()) {
    expect(file).toMatch(new RegExp(`^${String(at + 1).padStart(3, "0")}-[a-z-]+\\.sql$`))
    expect(code).toContain(`"./migrations/${file}"`)
    const [first] = (await Bun.file(join(FOLDER, "migrations", file)).text()).split("\n")
    expect(["-- additive", "-- breaking"]).toContain(first!)
  }
})
