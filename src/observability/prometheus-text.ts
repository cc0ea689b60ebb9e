import type { MetricFamily } from "./metric-family.ts"

/** What `/metrics` is served as. */
export const PROMETHEUS_CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"

/** Writes Prometheus' text format (https://prometheus.io/docs/instrumenting/exposition_formats/). */
export function prometheusText(families: readonly MetricFamily[]): string {
  return families.map(familyText).join("\n").concat("\n")
}

function familyText({ name, type, help, values }: MetricFamily): string {
  const lines = values.map(({ labels, value, metricName }) => {
    const pairs = Object.entries(labels).map(([label, text]) => `${label}="${escaped(String(text))}"`)
    return `${metricName ?? name}${pairs.length > 0 ? `{${pairs.join(",")}}` : ""} ${value}`
  })
  return [`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`, ...lines].join("\n")
}

function escaped(text: string): string {
  return text.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n")
}
