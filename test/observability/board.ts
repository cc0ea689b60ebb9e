import type { Dashboard } from "@grafana/grafana-foundation-sdk/dashboard"

interface Source {
  type: string
  uid: string
}

/** The parts of a panel that the tests read. */
export interface Panel {
  type: string
  title: string
  description: string
  datasource: Source
  gridPos: { x: number; y: number; w: number; h: number }
  fieldConfig: {
    defaults: { unit?: string; thresholds?: { steps: { value: number | null; color: string }[] } }
    overrides: { matcher: { options: string }; properties: { value: { fixedColor: string } }[] }[]
  }
  targets: { expr: string; datasource: Source }[]
}

/** Every panel with queries. */
export function panelsOf(board: Dashboard): Panel[] {
  return (board.panels as unknown as Panel[]).filter(({ type }) => type !== "row")
}
