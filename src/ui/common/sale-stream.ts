import { type Signal, signal } from "@preact/signals"
import type { Sale } from "../../wire/wire.ts"
import { after, backoffMs, syncClock } from "./time.ts"

export interface SaleStream {
  connected: Signal<boolean>
  stop(): void
}

/**
 * Follows a sale over server-sent events. A browser allows six connections per origin. So a hidden page closes its own
 * and connects again when it is shown, unless `whenHidden` is "stay".
 */
export function followSale(
  saleId: string,
  onSale: (sale: Sale) => void,
  whenHidden: "close" | "stay" = "close",
): SaleStream {
  const connected = signal(false)
  let source: EventSource | undefined
  let cancelRetry = () => {}
  let failures = 0

  const close = () => {
    cancelRetry()
    source?.close()
    source = undefined
    connected.value = false
  }
  const open = () => {
    close()
    source = new EventSource(`/api/v1/sales/${encodeURIComponent(saleId)}/live`)
    source.addEventListener("stock", event => {
      const sale = JSON.parse(event.data) as Sale
      syncClock(sale.now)
      failures = 0
      connected.value = true
      onSale(sale)
    })
    // The browser's own reconnect waits for seconds, and stops for good after a refusal. This one does neither.
    source.addEventListener("error", () => {
      close()
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
