import { eventually } from "./eventually.ts"
import type { System } from "./system.ts"

/** Values by series with labels, as Prometheus reads them. */
export type Scrape = Map<string, number>

export async function scrape(system: System): Promise<{ counters: Scrape; all: Scrape }> {
  const text = await eventually("metrics are answered", async () => {
    const response = await system.request("/metrics").catch(() => undefined)
    return response?.ok && response.text()
  })
  const all: Scrape = new Map()
  const counters: Scrape = new Map()
  let counts = false
  for (const line of text.split("\n")) {
    if (line.startsWith("# TYPE")) counts = /(counter|histogram)$/.test(line)
    if (line === "" || line.startsWith("#")) continue
    const [, series, value] = /^(.+) (\S+)$/.exec(line)!
    if (all.has(series!)) throw new Error(`${series} is told twice.`)
    all.set(series!, Number(value))
    if (counts) counters.set(series!, Number(value))
  }
  return { counters, all }
}

/** The sum of a metric over the series that have all of these labels. */
export function sum(scrape: Scrape, name: string, labels: Record<string, string> = {}): number {
  let total = 0
  for (const [series, value] of scrape) {
    const wanted = Object.entries(labels).every(([label, text]) => series.includes(`${label}="${text}"`))
    if (/^[^{]+/.exec(series)![0] === name && wanted) total += value
  }
  return total
}
