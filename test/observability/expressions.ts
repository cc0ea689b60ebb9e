const WORDS = new Set(["and", "or", "unless", "by", "without", "on", "ignoring", "group_left", "group_right", "bool"])

/** The metrics that a PromQL expression names. */
export function metricsIn(expr: string): string[] {
  const bare = expr.replace(/\{[^}]*\}|\[[^\]]*\]|"[^"]*"/g, "").replace(/\b(by|without|on|ignoring)\s*\([^)]*\)/g, "")
  const names = [...bare.matchAll(/[a-zA-Z_:][a-zA-Z0-9_:]*/g)].filter(({ 0: name, index }) => {
    const isFunction = /^\s*\(/.test(bare.slice(index + name.length))
    return !isFunction && !WORDS.has(name)
  })
  return [...new Set(names.map(([name]) => name))]
}

/** The expression as Grafana sends it for a short window with every sale selected. */
export function asGrafanaAsks(expr: string): string {
  return expr.replaceAll("$__rate_interval", "4s").replaceAll("$sale", ".*")
}
