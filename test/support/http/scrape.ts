/** Reads Prometheus' text format: `name{labels}` -> value, and which names are counters. */
export class Scrape {
  readonly values = new Map<string, number>()
  readonly types = new Map<string, string>()

  constructor(text: string) {
    for (const line of text.split("\n")) {
      const [, typed, type] = /^# TYPE (\S+) (\S+)$/.exec(line) ?? []
      if (typed) this.types.set(typed, type!)
      const [, series, value] = /^([a-z_]+(?:\{.*\})?) (\S+)$/.exec(line) ?? []
      if (series) this.values.set(series, Number(value))
    }
  }

  static async of(url: string): Promise<Scrape> {
    return new Scrape(await (await fetch(`${url}/metrics`, { headers: { Connection: "close" } })).text())
  }

  /** The sum of a name's series that have all of these labels. */
  sum(name: string, labels: Record<string, string> = {}): number {
    const wanted = Object.entries(labels).map(([label, value]) => `${label}="${value}"`)
    const found = [...this.values].filter(
      ([series]) => nameOf(series) === name && wanted.every(pair => series.includes(pair)),
    )
    return found.reduce((sum, [, value]) => sum + value, 0)
  }

  /** Counted series that `later` shows with less, or no longer. */
  wentBack(later: Scrape): string[] {
    return [...this.values].flatMap(([series, value]) => {
      const now = later.values.get(series)
      return this.#isCounted(nameOf(series)) && !(now !== undefined && now >= value)
        ? [`${series}: ${value} -> ${now}`]
        : []
    })
  }

  #isCounted(name: string): boolean {
    const family = name.replace(/_(bucket|count|sum)$/, "")
    return this.types.get(name) === "counter" || this.types.get(family) === "histogram"
  }
}

function nameOf(series: string): string {
  return series.split("{")[0]!
}
