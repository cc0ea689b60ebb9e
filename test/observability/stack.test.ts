import { eventually } from "../support/eventually.ts"
import { needs } from "../support/needs.ts"
import { NGINX, POSTGRES, PROMETHEUS, REDIS } from "../support/programs.ts"
import { NativeStack } from "../support/stack.ts"
import { watched } from "./watched.ts"

const { describe } = needs(REDIS, POSTGRES, NGINX, PROMETHEUS)

describe("the stack, watched", () => {
  watched(
    async () => {
      const site = await NativeStack.start({ nginx: true })
      return {
        site,
        targets: { web: site.urls, worker: [site.workerUrl] },
        async restart(seen) {
          for (const [at, replica] of site.replicas.entries()) {
            await replica.stop()
            replica.start()
            await eventually("it is back", () => isReady(site.urls[at]!))
            await seen()
          }
        },
      }
    },
    { metrics: [], alerts: [] },
  )
})

async function isReady(url: string): Promise<boolean> {
  return fetch(`${url}/readyz`).then(
    ({ ok }) => ok,
    () => false,
  )
}
