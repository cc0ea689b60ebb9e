import type { AuditSource } from "../../audit/audit-sale.ts"
import type { AdminClient } from "../admin-client.ts"
import { CliError } from "../cli-error.ts"

/** Sales to audit, wherever they are kept. */
export interface AuditSources {
  ids(): Promise<string[]>
  of(saleId: string): AuditSource
  close(): void
}

export function httpSources(client: AdminClient): AuditSources {
  return {
    ids: async () => (await client.sales()).map(({ id }) => id),
    of: saleId => ({
      sale: () => client.sale(saleId),
      facts: after => client.facts(saleId, after),
      orders: after => client.orders(saleId, after),
    }),
    close: () => {},
  }
}

export async function chosenIds(sources: AuditSources, wanted: string | undefined): Promise<string[]> {
  const ids = await sources.ids()
  if (wanted === undefined) return ids
  if (!ids.includes(wanted)) throw new CliError(`There is no sale "${wanted}", but ${ids.join(", ") || "none at all"}.`)
  return [wanted]
}
