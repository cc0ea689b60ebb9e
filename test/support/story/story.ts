import { expect } from "bun:test"
import { TEST_MAX_MS } from "../effort.ts"
import { needs } from "../needs.ts"
import { expectAudited } from "../stores/evidence.ts"
import { KINDS } from "../stores/kinds.ts"
import { OPENS, Shop } from "../stores/shop.ts"
import type { Kind } from "../stores/store.ts"
import { parse } from "./parse.ts"
import { Teller } from "./teller.ts"

/** Runs each table on every kind of store. */
export function stories(subject: string, tables: Record<string, string>): void {
  for (const openKind of KINDS) {
    const kind = openKind()
    const { afterAll, describe, test } = needs(...kind.needs)
    describe(`${subject}, ${kind.name}`, () => {
      for (const [title, table] of Object.entries(tables)) {
        test(title, () => tell(kind, table), TEST_MAX_MS)
      }
      afterAll(() => kind.end())
    })
  }
}

async function tell(kind: Kind, table: string): Promise<void> {
  const shop = new Shop(await kind.open(OPENS), OPENS)
  try {
    await story(shop, table)
    await expectAudited(shop.inventory, shop.now)
  } finally {
    await shop.store.close()
  }
}

/** Runs one table. A failure shows the line whose result differs. */
export async function story(shop: Shop, table: string): Promise<void> {
  const teller = new Teller(shop)
  for (const line of parse(table)) {
    const came = await teller.tell(line)
    expect({ line: line.text, came }).toEqual({ line: line.text, came: line.expected })
  }
}
