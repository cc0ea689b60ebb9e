import { Scrape } from "../../support/scrape.ts"
import { ADMIN_TOKEN } from "../../support/site.ts"
import type { NativeStack } from "../../support/stack.ts"

/** Reads every counter repeatedly. */
export class CounterWatch {
  readonly #wentBack: string[] = []
  readonly #seen: Scrape[]
  #seenByAll = new Scrape("")
  #isStopped = false
  readonly #done: Promise<void>

  constructor(private readonly stack: NativeStack) {
    this.#seen = stack.urls.map(() => new Scrape(""))
    this.#done = this.#run()
    this.#done.catch(() => {})
  }

  /** Every counter that decreased or disappeared between two reads. */
  async stop(): Promise<string[]> {
    this.#isStopped = true
    await this.#done
    // The metrics of a process restart with the process.
    return this.#wentBack.filter(series => series.startsWith("flash_sale_"))
  }

  async #run(): Promise<void> {
    while (!this.#isStopped) {
      for (const [at, url] of this.stack.urls.entries()) {
        const scrape = await Scrape.last(url).catch(() => undefined)
        // A new process may not have read its predecessor's counters yet.
        if (!scrape?.sum("flash_sale_purchase_duration_seconds_count")) continue
        this.#see(this.#seen[at]!, scrape)
        this.#seen[at] = scrape
      }
      const all = await summed(this.stack.url)
      if (all) this.#see(this.#seenByAll, all)
      this.#seenByAll = all ?? this.#seenByAll
      await Bun.sleep(20)
    }
  }

  #see(before: Scrape, now: Scrape): void {
    this.#wentBack.push(...before.wentBack(now))
  }
}

/** Reads the series of all nodes from the endpoint that the control room uses. */
export async function summed(url: string): Promise<Scrape | undefined> {
  const headers = { Authorization: `Bearer ${ADMIN_TOKEN}`, Connection: "close" }
  const response = await fetch(`${url}/api/v1/admin/metrics`, { headers })
  return response.ok ? new Scrape(await response.text()) : undefined
}
