import {
  type Dashboard,
  DashboardBuilder,
  DashboardCursorSync,
  QueryVariableBuilder,
  RowBuilder,
  VariableRefresh,
  VariableSort,
} from "@grafana/grafana-foundation-sdk/dashboard"
import { figures } from "./figures.ts"
import { demand, processes, speed, store } from "./graphs.ts"
import { PROMETHEUS } from "./parts.ts"

/** The dashboard for a launch: what is sold, what is refused, how fast, and whether every promise is kept. */
export function launchNight(): Dashboard {
  const board = new DashboardBuilder("Launch night")
    .uid("launch-night")
    .description("What is sold, what is refused, how fast, and whether every promise is kept.")
    .tags(["doorbuster"])
    .readonly()
    .time({ from: "now-15m", to: "now" })
    .timezone("browser")
    .refresh("5s")
    .tooltip(DashboardCursorSync.Crosshair)
    .withVariable(
      new QueryVariableBuilder("sale")
        .label("Sale")
        .datasource(PROMETHEUS)
        .query("label_values(flash_sale_units_total, sale)")
        .refresh(VariableRefresh.OnTimeRangeChanged)
        .sort(VariableSort.AlphabeticalAsc)
        .multi(true)
        .includeAll(true)
        .allValue(".*")
        .current({ selected: true, text: "All", value: "$__all" }),
    )
  for (const panel of [...figures(), ...demand(), ...speed(), ...store()]) board.withPanel(panel)
  board.withRow(new RowBuilder("Processes"))
  for (const panel of processes()) board.withPanel(panel)
  return board.build()
}
