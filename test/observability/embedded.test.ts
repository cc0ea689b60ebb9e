import { eventually } from "../support/eventually.ts"
import { needs } from "../support/needs.ts"
import { administrator, readyNodes } from "../support/node.ts"
import { isGone } from "../support/processes.ts"
import { PROMETHEUS } from "../support/programs.ts"
import { System } from "../support/system.ts"
import { watched } from "./watched.ts"

const { describe } = needs(PROMETHEUS)

describe("the embedded system, watched", () => {
  watched(
    async () => {
      const site = await System.start({ env: { DEMO: "0" } })
      const client = administrator(site)
      return {
        site,
        // Any replica tells of all.
        targets: { web: [site.url] },
        async restart() {
          const before = await readyNodes(client)
          site.signal("SIGHUP")
          await eventually("every process is another one", () => before.every(({ pid }) => isGone(pid)))
          await readyNodes(client)
        },
      }
    },
    {
      metrics: ["flash_sale_ledger_conflict", "flash_sale_store_mismatch", "flash_sale_worker_leads"],
      alerts: ["WorkerDown"],
    },
  )
})
