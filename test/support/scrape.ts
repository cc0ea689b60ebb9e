import { eventually } from "./eventually.ts"

/** What `/metrics` shows, read from Prometheus' text format. */
export class Scrape {
  /** By series: `name{labels}`. */
  readonly values = new Map<string, number>()
  /** By name: counter, gauge or histogram. */
  readonly types = new Map<string, string>()

  /** Throws if a series is there twice. */
  constructor(text: string) {
    for (const line of text.split("\n")) {
      const [, name, type] = /^# TYPE (\S+) (\S+)$/.exec(line) ?? []
      if (name && type) this.types.set(name, type)
      const [, series, value] = /^([a-zA-Z_:][\w:]*(?:\{.*\})?) (\S+)$/.exec(line) ?? []
      if (!series) continue
      if (this.values.has(series)) throw new Error(`${series} is there twice.`)
      this.values.set(series, Number(value))
    }
  }

  /** As it is now. The text is made once a second, so this waits until one is that was made after the call. */
  static async of(url: string): Promise<Scrape> {
    const since = Date.now()
    return await eventually("the metrics are made anew", async () => {
      const text = await textOf(url)
      return madeAt(text) >= since && new Scrape(text)
    })
  }

  /** The last text that was made. */
  static async last(url: string): Promise<Scrape> {
    return new Scrape(await textOf(url))
  }

  /** As `of`, and asks again where there is no answer, because the replica that was asked may just have been killed. */
  static async eventually(url: string): Promise<Scrape> {
    return await eventually("metrics are answered", () => Scrape.of(url).catch(() => undefined))
  }

  /** The sum of a name's series that have all of these labels. */
  sum(name: string, labels: Record<string, string> = {}): number {
    const wanted = Object.entries(labels).map(([label, value]) => `${label}="${value}"`)
    let sum = 0
    for (const [series, value] of this.values) {
      if (nameOf(series) === name && wanted.every(pair => series.includes(pair))) sum += value
    }
    return sum
  }

  /** Counters and histograms that are lower in `later`, or missing from it. */
  wentBack(later: Scrape): string[] {
    return [...this.values].flatMap(([series, value]) => {
      const now = later.values.get(series)
      const isFine = !this.#isCounted(nameOf(series)) || (now !== undefined && now >= value)
      return isFine ? [] : [`${series}: ${value} -> ${now}`]
    })
  }

  #isCounted(name: string): boolean {
    const family = name.replace(/_(bucket|count|sum)$/, "")
    return this.types.get(name) === "counter" || this.types.get(family) === "histogram"
  }
}

async function textOf(url: string): Promise<string> {
  const response = await fetch(`${url}/metrics`, { headers: { Connection: "close" } })
  if (!response.ok) throw new Error(`/metrics: ${response.status}`)
  return await response.text()
}

/** When the oldest part of the text was made: the supervisor's, which the replica keeps for a moment. */
function madeAt(text: string): number {
  return Math.min(...[...text.matchAll(/^# as of (\S+)$/gm)].map(([, time = ""]) => Date.parse(time)))
}

function nameOf(series: string): string {
  return series.replace(/\{.*/s, "")
}
