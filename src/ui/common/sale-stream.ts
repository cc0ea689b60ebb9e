import { type Signal, signal } from "@preact/signals"
import type { Sale } from "../../wire/wire.ts"
import { hearClock } from "./clock.ts"
import { backoff } from "./timers.ts"

export interface Live {
  connected: Signal<boolean>
  stop(): void
}

/**
 * Follows a sale over server-sent events. A browser lends one origin six connections, so a hidden page gives its own
 * back and asks again when it is seen.
 */
export function follow(saleId: string, onSale: (sale: Sale) => void, whenHidden: "rest" | "stay" = "rest"): Live {
  const connected = signal(false)
  let source: EventSource | undefined
  let retry: ReturnType<typeof setTimeout> | undefined
  let failures = 0

  const close = () => {
    clearTimeout(retry)
    source?.close()
    source = undefined
    connected.value = false
  }
  const open = () => {
    close()
    source = new EventSource(`/api/v1/sales/${encodeURIComponent(saleId)}/live`)
    source.addEventListener("stock", event => {
      const sale = JSON.parse(event.data) as Sale
      hearClock(sale.now)
      failures = 0
      connected.value = true
      onSale(sale)
    })
    // The browser's own reconnecting waits seconds and gives up for good after a refusal; this does neither.
    source.addEventListener("error", () => {
      close()
      retry = setTimeout(open, backoff(failures++))
    })
  }
  const onVisibility = () => (document.hidden ? close() : open())

  if (whenHidden === "stay" || !document.hidden) open()
  if (whenHidden === "rest") document.addEventListener("visibilitychange", onVisibility)
  return {
    connected,
    stop() {
      close()
      document.removeEventListener("visibilitychange", onVisibility)
    },
  }
}
