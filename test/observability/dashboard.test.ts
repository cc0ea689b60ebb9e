import { describe, expect, test } from "bun:test"
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { BAD } from "../../scripts/dashboards/colors.ts"
import { launchNight } from "../../scripts/dashboards/launch-night.ts"
import { REFUSALS } from "../../src/core/outcome.ts"
import { GROUP_OF_OUTCOME as GROUPED } from "../../src/ui/control/data/rates.ts"
import { ROOT } from "../support/files.ts"
import { type Panel, panelsOf } from "./board.ts"

const read = (path: string) => readFileSync(join(ROOT, path), "utf8")
const board = launchNight()
const panels = panelsOf(board)

test("the committed dashboard equals the output of npm run dashboards", () => {
  expect(read("deploy/grafana/dashboards/launch-night.json")).toBe(`${JSON.stringify(board, null, 2)}\n`)
})

test("the dashboard contains the seed's query unchanged", () => {
  const queries = panels.flatMap(({ targets }) => targets.map(({ expr }) => expr))
  expect(queries).toContain("sum(rate(flash_sale_requests_total[1m])) by (status)")
})

describe.each(panels.map(panel => [panel.title, panel] as const))("%s", (_, panel: Panel) => {
  test("has a description and a unit", () => {
    expect(panel.description).toMatch(/^[A-Z].{20,}\.$/)
    expect(panel.fieldConfig.defaults.unit).toBeTruthy()
    expect(panel.targets.length).toBeGreaterThan(0)
  })

  test("uses the provisioned data source", () => {
    const { datasources } = Bun.YAML.parse(read("deploy/grafana/provisioning/datasources/prometheus.yml")) as {
      datasources: { uid: string; type: string }[]
    }
    const [{ uid, type }] = datasources as [{ uid: string; type: string }]
    for (const asked of [panel.datasource, ...panel.targets.map(({ datasource }) => datasource)]) {
      expect(asked).toEqual({ uid, type })
    }
  })
})

test("figures turn red at the values at which alerts fire", () => {
  const stats = panels.filter(({ type }) => type === "stat")
  expect(stats.map(({ fieldConfig }) => fieldConfig.defaults.thresholds?.steps.length)).not.toContain(undefined)
  for (const title of ["p99", "Gate", "Conservation", "Alerts", "Ledger lag"]) {
    const steps = panels.find(panel => panel.title === title)!.fieldConfig.defaults.thresholds!.steps
    expect(steps.map(({ color }) => color)).toContain(BAD)
  }
})

test("panels fill their rows and do not overlap", () => {
  const taken = new Set<string>()
  for (const { gridPos, title } of panels) {
    const { x, y, w, h } = gridPos
    expect(x + w).toBeLessThanOrEqual(24)
    for (let cell = 0; cell < w * h; cell++) {
      const place = `${x + (cell % w)},${y + Math.floor(cell / w)}`
      expect(taken.has(place) && title).toBe(false)
      taken.add(place)
    }
  }
  const widths = Map.groupBy(panels, ({ gridPos }) => gridPos.y)
  for (const row of widths.values()) expect(row.reduce((sum, { gridPos }) => sum + gridPos.w, 0)).toBe(24)
})

test("an outcome has the same colour as in the control room", () => {
  const css = read("src/ui/control/styles/colours.css")
  const { overrides } = panels.find(({ title }) => title === "Outcomes")!.fieldConfig
  const drawn = new Map(overrides.map(({ matcher, properties }) => [matcher.options, properties[0]!.value.fixedColor]))
  expect([...drawn.keys()]).toEqual(expect.arrayContaining(["confirmed", "replayed", ...REFUSALS]))
  for (const [outcome, color] of drawn) expect(css).toContain(`--${GROUPED[outcome] ?? "other"}: ${color};`)
})
