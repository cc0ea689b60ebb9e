import type { Shop } from "../../stores/shop.ts"

/** What every store does, by the sentence that says so. Each is shown an empty store of its own, at its opening. */
export type Rules = Record<string, (shop: Shop) => Promise<void>>
