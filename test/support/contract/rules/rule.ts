import type { Shop } from "../../stores/shop.ts"

/** The rules of one subject, by title. Each runs on an empty store of its own, with the clock at the opening. */
export type Rules = Record<string, (shop: Shop) => Promise<void>>
