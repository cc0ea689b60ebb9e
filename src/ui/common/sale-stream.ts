import { type Signal, signal } from "@preact/signals"
import type { Sale } from "../../wire/wire.ts"
import { SalePoll } from "./sale-poll.ts"
import { after, backoffMs, syncClock } from "./time.ts"

export interface SaleStream {
  connected: Signal<boolean>
  stop(): void
}

/**
 * Follows a sale over server-sent events. While none come, because the server has too many viewers or a proxy keeps them
 * back, it reads the sale every few seconds instead. A browser allows six connections per origin. So a hidden page closes
 * its own and connects again when it is shown, unless `whenHidden` is "stay".
 */
export function followSale(
  saleId: string,
  onSale: (sale: Sale) => void,
  whenHidden: "close" | "stay" = "close",
): SaleStream {
  const path = `/api/v1/sales/${encodeURIComponent(saleId)}`
  const connected = signal(false)
  let source: EventSource | undefined
  let cancelRetry = () => {}
  let failures = 0

  const learn = (sale: Sale) => {
    connected.value = true
    syncClock(sale.now)
    onSale(sale)
  }
  const polls = new SalePoll(path, learn)
  const disconnect = () => {
    cancelRetry()
    source?.close()
    source = undefined
  }
  const close = () => {
    disconnect()
    polls.stop()
    connected.value = false
  }
  const open = () => {
    disconnect()
    polls.start()
    source = new EventSource(`${path}/live`)
    source.addEventListener("stock", event => {
      failures = 0
      const sale = JSON.parse(event.data) as Sale
      polls.heard(sale)
      learn(sale)
    })
    // The browser's own reconnect waits for seconds, and stops for good after a refusal. This one does neither.
    source.addEventListener("error", () => {
      disconnect()
      connected.value = polls.isFresh
      polls.start()
      cancelRetry = after(backoffMs(failures++), open)
    })
  }
  const onVisibility = () => (document.hidden ? close() : open())

  if (whenHidden === "stay" || !document.hidden) open()
  if (whenHidden === "close") document.addEventListener("visibilitychange", onVisibility)
  return {
    connected,
    stop() {
      close()
      document.removeEventListener("visibilitychange", onVisibility)
    },
  }
}
