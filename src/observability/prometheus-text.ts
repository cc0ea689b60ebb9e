import type { Series } from "./metric-family.ts"

/** Prometheus' text format (https://prometheus.io/docs/instrumenting/exposition_formats/). */
export function render(series: readonly Series[]): string {
  return series.map(textOf).join("\n").concat("\n")
}

function textOf({ name, type, help, values }: Series): string {
  const lines = values.map(({ labels, value, metricName }) => {
    const pairs = Object.entries(labels).map(([label, text]) => `${label}="${escaped(String(text))}"`)
    return `${metricName ?? name}${pairs.length > 0 ? `{${pairs.join(",")}}` : ""} ${value}`
  })
  return [`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`, ...lines].join("\n")
}

function escaped(text: string): string {
  return text.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n")
}
