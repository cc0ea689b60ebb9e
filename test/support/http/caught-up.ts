import type { FactPage, NodeList, SaleList } from "../../../src/wire/wire.ts"
import { eventually } from "../eventually.ts"
import type { Site } from "../site.ts"

const TRIES_MAX = 500

/** One response of every replica that is ready. `ask` opens a new connection each time, which any of them may take. */
export async function fromEveryNode(system: Site, ask: () => Promise<Response>): Promise<Map<string, Response>> {
  const { nodes } = await system.admin<NodeList>("GET", "/nodes")
  const ready = nodes.filter(({ state }) => state === "ready").length
  const responses = new Map<string, Response>()
  for (let tries = 0; responses.size < ready && tries < TRIES_MAX; tries++) {
    const response = await ask()
    responses.set(response.headers.get("x-served-by") ?? "", response)
  }
  return responses
}

/** Waits until every replica knows the last fact of each sale. */
export async function caughtUp(system: Site, ...saleIds: string[]): Promise<void> {
  await eventually(`every replica knows ${saleIds.join(", ")}`, async () => {
    const ask = () => system.request("/api/v1/sales", { headers: { Connection: "close" } })
    const responses = await fromEveryNode(system, ask)
    const lists = await Promise.all([...responses.values()].map(one => one.json() as Promise<SaleList>))
    for (const saleId of saleIds) {
      const seqs = lists.map(({ sales }) => sales.find(({ id }) => id === saleId)?.seq ?? 0)
      const { facts } = await system.admin<FactPage>("GET", `/sales/${saleId}/facts?after=${Math.min(...seqs)}`)
      if (facts.length > 0) return false
    }
    return true
  })
}
