const INTEGER = new Intl.NumberFormat("en", { maximumFractionDigits: 0 })

/** 12345.6 becomes 12,346. */
export function integer(value: number): string {
  return INTEGER.format(value)
}

/** Three significant digits: more would only distract. */
export function milliseconds(value: number): string {
  const digits = value < 10 ? 2 : value < 100 ? 1 : 0
  return `${value.toLocaleString("en", { minimumFractionDigits: digits, maximumFractionDigits: digits })} ms`
}

/** In milliseconds below one second, in seconds from there on. */
export function seconds(ms: number): string {
  return ms < 1000 ? milliseconds(ms) : `${(ms / 1000).toFixed(ms < 10_000 ? 2 : 1)} s`
}

export function percent(share: number): string {
  return `${Math.round(share * 100)} %`
}

/** "1 buyer", "2 buyers". */
export function counted(value: number, noun: string): string {
  return `${integer(value)} ${noun}${value === 1 ? "" : "s"}`
}

/** The share of each name in the sum, sorted by name. */
export function shares(counts: Iterable<[string, number]>): [string, number][] {
  const entries = [...counts].sort(([a], [b]) => a.localeCompare(b, "en", { numeric: true }))
  const whole = entries.reduce((sum, [, number]) => sum + number, 0)
  return entries.map(([name, number]) => [name, number / Math.max(1, whole)])
}
