import type { AuditSource } from "../../audit/audit-sale.ts"
import type { AdminClient } from "../admin-client.ts"
import { CliError } from "../cli-error.ts"

/** Sales that can be audited: those of a running system or of a file. */
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
      seals: () => client.seals(saleId),
      facts: after => client.facts(saleId, after),
      orders: after => client.orders(saleId, after),
    }),
    close: () => {},
  }
}

/** The wanted id, or all ids. Throws `CliError` when the wanted sale does not exist. */
export async function chosenIds(sources: AuditSources, wanted: string | undefined): Promise<string[]> {
  const ids = await sources.ids()
  if (wanted === undefined) return ids
  if (!ids.includes(wanted)) {
    const others = ids.length > 0 ? `The sales are: ${ids.join(", ")}.` : "There are no sales."
    throw new CliError(`There is no sale "${wanted}". ${others}`)
  }
  return [wanted]
}
