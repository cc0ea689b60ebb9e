import { readFileSync } from "node:fs"
import type { Page } from "playwright-core"

const AXE = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8")

interface Violation {
  id: string
  nodes: { target: string[]; failureSummary: string }[]
}

interface Axe {
  /** Of other results than these it tells one node only, which takes less time. */
  run(options: { resultTypes: string[] }): Promise<{ violations: Violation[] }>
}

/** The violations that axe-core finds, one line each. */
export async function violations(page: Page): Promise<string[]> {
  if (!(await page.evaluate(() => "axe" in globalThis))) await page.evaluate(AXE)
  const found = await page.evaluate(async () => {
    const { axe } = globalThis as unknown as { axe: Axe }
    return (await axe.run({ resultTypes: ["violations"] })).violations
  })
  return found.map(({ id, nodes }) => `${id}: ${nodes.map(node => `${node.target} ${node.failureSummary}`).join("; ")}`)
}
