import { join } from "node:path"
import { PostgresLedger } from "../src/stack/postgres/ledger.ts"
import { dumpSchema } from "../test/stack/postgres/schema-dump.ts"
import { Cluster } from "../test/support/postgres.ts"

/** Writes src/stack/postgres/schema.sql: what the migrations come to. A test compares it. */
await using cluster = await Cluster.start()
const ledger = new PostgresLedger({ url: cluster.url })
await ledger.ready()
await ledger[Symbol.asyncDispose]()
await Bun.write(join(import.meta.dir, "../src/stack/postgres/schema.sql"), await dumpSchema(cluster.url))
