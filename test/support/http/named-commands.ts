import { expect } from "bun:test"
import type { Sale } from "../../../src/wire/wire.ts"
import { ADMIN_TOKEN, type Site } from "../site.ts"
import { fromEveryNode } from "./caught-up.ts"

/*
 * The kind: an administrator's request that is sent again, late, or beside another one, and a reader who is shown what was
 * before it. See test/support/contract/rules/commands.ts for what each store does; these run against whole systems.
 */
const price = { amount: 14_900, currency: "EUR" }

interface Told {
  status: number
  code: string | undefined
  replayed: string | null
  etag: string | null
  sale: Sale
}

export type NamedCommands = Record<string, (system: Site, id: string) => Promise<void>>

async function send(site: Site, method: string, path: string, body?: object, headers: object = {}): Promise<Told> {
  const request = { method, token: ADMIN_TOKEN, headers: { ...headers }, ...(body && { body: JSON.stringify(body) }) }
  const response = await site.request(`/api/v1/admin${path}`, request)
  const told = (await response.json()) as Sale & { code?: string }
  const { headers: got, status } = response
  return { status, code: told.code, replayed: got.get("idempotency-replayed"), etag: got.get("etag"), sale: told }
}

const key = (name: string) => ({ "Idempotency-Key": name })

/** Each command of an administrator: its request, and another payload under the same key. */
function requestsOf(id: string): [what: string, method: string, path: string, body?: object, other?: object][] {
  const sale = { id, name: "Drop", opensAt: "2026-01-01T00:00:00Z", items: [{ sku: "x", name: "X", price, total: 5 }] }
  return [
    ["create", "POST", "/sales", sale, { ...sale, name: "Other" }],
    ["restock", "POST", `/sales/${id}/items/x/restock`, { units: 10 }, { units: 11 }],
    ["amend", "PATCH", `/sales/${id}`, { name: "New" }, { name: "Newer" }],
    ["pause", "POST", `/sales/${id}/pause`],
    ["resume", "POST", `/sales/${id}/resume`],
    ["close", "POST", `/sales/${id}/close`],
  ]
}

export const NAMED_COMMANDS: NamedCommands = {
  "each command with a key repeats harmlessly; with another payload it is key_reused": async (site, id) => {
    for (const [what, method, path, body, other] of requestsOf(id)) {
      const first = await send(site, method, path, body, key(`k-${what}`))
      expect([what, first.status, first.replayed]).toEqual([what, what === "create" ? 201 : 200, null])
      const again = await send(site, method, path, body, key(`"k-${what}"`))
      expect([what, again.status, again.replayed, again.sale.seq, again.etag]).toEqual([
        what,
        first.status,
        "true",
        first.sale.seq,
        first.etag,
      ])
      const misused = await send(
        site,
        method,
        other ? path : `/sales/${id}/items/x/restock`,
        other ?? { units: 1 },
        key(`k-${what}`),
      )
      expect([what, misused.status, misused.code]).toEqual([what, 422, "key_reused"])
    }
    const { items, seq } = (await (await site.request(`/api/v1/sales/${id}`, { token: ADMIN_TOKEN })).json()) as Sale
    expect([items[0]?.total, seq]).toEqual([15, 7])
    expect(await send(site, "POST", `/sales/${id}/close`, undefined, key("a b"))).toMatchObject({ status: 400 })
  },

  "a command for another version is version_conflict; the ETag of an answer is the version": async (site, id) => {
    const [create, restock] = requestsOf(id)
    const { etag, sale } = await send(site, create![1], create![2], create![3])
    expect(etag).toBe(`"${sale.version}"`)
    const match = (text: string) => ({ "If-Match": text })
    const path = restock![2]
    for (const text of ['"0"', '"999"', '"x"', '"-1"', '""', '"0", "1"']) {
      expect([text, await send(site, "POST", path, { units: 1 }, match(text))]).toMatchObject([
        text,
        { status: 412, code: "version_conflict" },
      ])
    }
    for (const text of ["2", "x", '"2', '2"', '"2" "3"']) {
      expect([text, await send(site, "POST", path, { units: 1 }, match(text))]).toMatchObject([
        text,
        { status: 400, code: "invalid_request" },
      ])
    }
    const done = await send(site, "POST", path, { units: 1 }, match(etag!))
    expect([done.status, done.sale.items[0]?.total, done.sale.version > sale.version]).toEqual([200, 6, true])
    expect(await send(site, "POST", path, { units: 1 }, match(etag!))).toMatchObject({ status: 412 })
    for (const text of [`W/${done.etag}`, "*", `"1", "${done.sale.version + 2}"`]) {
      expect([text, (await send(site, "POST", path, { units: 1 }, match(text))).status]).toEqual([text, 200])
    }
  },

  "a read on any replica shows an administrator's change as soon as it is answered": async (site, id) => {
    const versionsAt = async (path: string, versionOf: (body: unknown) => number | undefined) => {
      // With a token, because nginx answers strangers from a copy that may be a second old.
      const ask = () => site.request(path, { token: ADMIN_TOKEN, headers: { Connection: "close" } })
      const responses = [...(await fromEveryNode(site, ask)).values()]
      return new Set(await Promise.all(responses.map(async one => versionOf(await one.json()))))
    }
    for (const [what, method, path, body] of requestsOf(id)) {
      const { sale } = await send(site, method, path, body)
      const [first, second] = await Promise.all([
        versionsAt(`/api/v1/sales/${id}`, read => (read as Sale).version),
        versionsAt("/api/v1/sales", read => (read as { sales: Sale[] }).sales.find(one => one.id === id)?.version),
      ])
      expect([what, [...first], [...second]]).toEqual([what, [sale.version], [sale.version]])
    }
  },
}
