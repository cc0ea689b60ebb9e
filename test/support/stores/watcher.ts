import type { Inventory, Notice } from "../../../src/core/ports/inventory.ts"

/** A store may merge changes for a while before it sends a notice. */
const NOTICE_MAX_MS = 2000

/** Keeps every notice that a store gives. */
export class Watcher {
  readonly notices: Notice[] = []
  readonly stop: () => void
  #waiting: { matches(notice: Notice): boolean; resolve(notice: Notice): void }[] = []

  constructor(inventory: Inventory) {
    this.stop = inventory.watch(notice => {
      this.notices.push(notice)
      for (const { matches, resolve } of this.#waiting) if (matches(notice)) resolve(notice)
    })
  }

  /** The first past or future notice that matches. */
  async until(matches: (notice: Notice) => boolean): Promise<Notice> {
    const told = this.notices.find(matches)
    if (told) return told
    const { promise, resolve, reject } = Promise.withResolvers<Notice>()
    this.#waiting.push({ matches, resolve })
    const timer = setTimeout(() => reject(new Error("The store sent no such notice.")), NOTICE_MAX_MS)
    try {
      return await promise
    } finally {
      clearTimeout(timer)
    }
  }
}
