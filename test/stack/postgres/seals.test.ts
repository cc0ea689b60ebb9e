import { expect } from "bun:test"
import type { SqliteInventory } from "../../../src/embedded/sqlite/inventory.ts"
import type { Proof } from "../../../src/http/proof/proofs.ts"
import { Prover } from "../../../src/http/proof/prover.ts"
import { systemTime } from "../../../src/runtime/time.ts"
import { PostgresLedger } from "../../../src/stack/postgres/ledger.ts"
import { needs } from "../../support/needs.ts"
import { Cluster } from "../../support/postgres.ts"
import { POSTGRES } from "../../support/programs.ts"
import { pagesOf, rewritten, sealDrop, sealOf } from "../../support/sealing.ts"
import { sqlite } from "../../support/stores/kinds.ts"
import { OPENS, Shop } from "../../support/stores/shop.ts"

const { afterAll, shared, test } = needs(POSTGRES)

const cluster = await shared(() => Cluster.start())
afterAll(() => cluster[Symbol.asyncDispose]())

/** A sale of 1,030 facts that has ended: in a file, and the same facts in a ledger. */
async function soldTwice() {
  const store = await sqlite().open(OPENS)
  const shop = new Shop(store, OPENS)
  await shop.create({ total: 5000 })
  const file = store.inventory as SqliteInventory
  const created = (await file.facts("drop", 0, 100)).length
  await shop.batch(...Array.from({ length: 1029 - created }, (_, at) => shop.attempt(`c${at}`, "k")))
  await shop.decide({ kind: "close", saleId: "drop" })
  const url = cluster.urlAt(cluster.port, await cluster.createDatabase())
  const ledger = new PostgresLedger({ url })
  const facts = await file.facts("drop", 0, 5000)
  await ledger.append({ id: "drop", number: 1 }, 1, facts)
  return { store, file, ledger, facts, url }
}

/** The proof that a worker that starts now makes. */
async function proofOf(ledger: PostgresLedger): Promise<Proof> {
  const kept: Proof[] = []
  const proofs = { of: async () => undefined, keep: async (_: string, proof: Proof) => void kept.push(proof) }
  const prover = new Prover({ source: ledger, seals: ledger.seals, proofs, time: systemTime })
  await prover.step(new AbortController().signal)
  return kept[0]!
}

test("given the same facts, the file and the ledger get the same seals, and the proof publishes the last one", async () => {
  const { store, file, ledger, facts } = await soldTwice()
  const [full] = await sealDrop(ledger, ledger.seals, false)
  expect(full).toMatchObject({ firstSeq: 1, lastSeq: 1000 })
  const proof = await proofOf(ledger)
  expect(proof).toMatchObject({ seq: 1030, hash: sealOf(facts), report: { ok: true } })
  const pages = await pagesOf(ledger.seals)
  expect(pages.map(({ lastSeq }) => lastSeq)).toEqual([1000, 1030])
  expect(await sealDrop(file, file.seals, true)).toEqual(pages)
  // A page that begins where one begins is not kept: of two workers, the first one wins.
  for (const seals of [ledger.seals, file.seals]) {
    await seals.keep("drop", { ...full!, seal: "0".repeat(64) })
    expect(await pagesOf(seals)).toEqual(pages)
  }
  await ledger[Symbol.asyncDispose]()
  await store.close()
}, 30_000)

test("given a fact of the ledger that was changed with all later hashes after it was sealed, the proof fails and names it", async () => {
  const { store, ledger, facts, url } = await soldTwice()
  await sealDrop(ledger, ledger.seals, true)
  const changed = rewritten(facts, 500)
  await cluster.query(
    `UPDATE facts SET customer = other.customer, hash = other.hash
      FROM unnest($1::bigint[], $2::text[], $3::text[]) AS other (seq, customer, hash) WHERE facts.seq = other.seq`,
    [changed.map(({ seq }) => seq), changed.map(fact => fact.customerId ?? null), changed.map(({ hash }) => hash)],
    url,
  )
  await cluster.query("UPDATE orders SET customer = 'mallory' WHERE created_seq = 500", [], url)
  await cluster.query("UPDATE sales SET hash = $1", [changed.at(-1)!.hash], url)
  const { report } = await proofOf(ledger)
  const broken = report.checks.filter(({ ok }) => !ok)
  expect(broken.map(({ name }) => name)).toEqual(["I10 journal"])
  expect(broken[0]!.detail).toContain("fact 500 is not the fact that was sealed")
  await ledger[Symbol.asyncDispose]()
  await store.close()
}, 30_000)
