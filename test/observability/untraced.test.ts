import { expect, test } from "bun:test"
import { join } from "node:path"
import { eventually } from "../support/eventually.ts"
import { ROOT, sourceFiles } from "../support/files.ts"
import { freePort, System } from "../support/system.ts"
import { tokenOf } from "../support/token.ts"
import { Collector } from "./collector.ts"

const LOADS_OTEL = [
  "src/observability/otel-tracer.ts",
  "src/observability/span-exporter.ts",
  "src/observability/sampler.ts",
]
const WAVES = 8
const BUYERS = 50
/** An answer never waits for a collector. An export gives up only after 5 s. */
const ANSWER_MAX_MS = 2000

async function waves(system: System, name = "buyer"): Promise<void> {
  for (let wave = 0; wave < WAVES; wave++) {
    const started = performance.now()
    const buyers = Array.from({ length: BUYERS }, (_, at) => tokenOf(`${name}-${wave}-${at}`))
    const answers = await Promise.all(buyers.map(token => system.buy("shoes", token, "key")))
    expect(answers.map(({ status }) => status)).toEqual(buyers.map(() => 201))
    expect(performance.now() - started).toBeLessThan(ANSWER_MAX_MS)
  }
}

function lines(system: System, text: string): number {
  return system.printed.split(text).length - 1
}

test("while the collector is down, selling continues, and each replica logs once that it is down and once that it is back", async () => {
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const env = { DEMO: "0", REPLICAS: "1", OTEL_EXPORTER_OTLP_ENDPOINT: url, OTEL_TRACES_SAMPLER_ARG: "1" }
  await using system = await System.start({ env: { ...env, LOG_LEVEL: "info" } })
  await system.createSale("shoes", { total: 1000 })
  await waves(system)
  await eventually("the replica says so", () => lines(system, "traces do not arrive") === 1)
  await waves(system, "more")
  await using collector = new Collector(port)
  await eventually("traces arrive again", async () => {
    await system.buy("shoes", tokenOf("again"), "key")
    return collector.spans.length > 0 && lines(system, "traces arrive again") === 1
  })
  expect(lines(system, "traces do not arrive")).toBe(1)
}, 60_000)

test("a collector that never answers delays neither buyers nor the stop of the system", async () => {
  await using collector = new Collector(0, true)
  const env = { DEMO: "0", OTEL_EXPORTER_OTLP_ENDPOINT: collector.url, OTEL_TRACES_SAMPLER_ARG: "1" }
  await using system = await System.start({ env })
  await system.createSale("shoes", { total: 1000 })
  await waves(system)
  await eventually("spans were sent", () => collector.requests > 0)
  const started = performance.now()
  expect(await system.stop()).toBe(0)
  expect(performance.now() - started).toBeLessThan(4000)
}, 60_000)

test("without an endpoint OpenTelemetry is not loaded", async () => {
  const texts = await Promise.all(
    sourceFiles("src").map(async file => [file, await Bun.file(join(ROOT, file)).text()] as const),
  )
  const loading = texts.filter(([, text]) =>
    /"(@opentelemetry\/|\.\/(otel-tracer|span-exporter|sampler)\.ts")/.test(text),
  )
  expect(loading.map(([file]) => file).sort()).toEqual([...LOADS_OTEL, "src/observability/tracing.ts"].sort())
  const port = texts.find(([file]) => file === "src/observability/tracing.ts")![1]
  expect(port.match(/.*(@opentelemetry|\/otel).*/g)).toEqual([
    '  const { OtelTracer } = await import("./otel-tracer.ts")',
  ])
})

test("a collector URL that is not HTTP is refused with one sentence", async () => {
  const started = System.start({ env: { OTEL_EXPORTER_OTLP_ENDPOINT: "collector:4318" } })
  await expect(started).rejects.toThrow(/OTEL_EXPORTER_OTLP_ENDPOINT is "collector:4318", but must be http/)
})
