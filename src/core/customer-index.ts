/** The table grows by this factor when half of it is in use. A probe then ends within two or three steps. */
const GROWTH = 4
const SLOTS_MIN = 16

/**
 * Which customers may hold an order in a sale: an open-addressing table of 32-bit fingerprints. It has no false
 * negatives, so a replica can refuse all other customers from memory. With a million holders it has one false positive
 * in 4,000, and each costs one needless call to the store.
 */
export class CustomerFilter {
  /** Fingerprints. An empty slot is 0. */
  protected slots: Uint32Array

  constructor(slots: Uint32Array = new Uint32Array(SLOTS_MIN)) {
    this.slots = slots
  }

  static fromBase64(text: string): CustomerFilter {
    const bytes = Uint8Array.from(atob(text), character => character.charCodeAt(0))
    return new CustomerFilter(new Uint32Array(bytes.buffer))
  }

  toBase64(): string {
    const bytes = new Uint8Array(this.slots.buffer)
    let text = ""
    for (let at = 0; at < bytes.length; at += 8192) text += String.fromCharCode(...bytes.subarray(at, at + 8192))
    return btoa(text)
  }

  mayHold(customerId: string): boolean {
    const mark = fingerprint(customerId)
    for (let slot = this.first(mark); this.slots[slot] !== 0; slot = this.next(slot)) {
      if (this.slots[slot] === mark) return true
    }
    return false
  }

  protected first(mark: number): number {
    return Math.imul(mark, 0x9e3779b1) & (this.slots.length - 1)
  }

  protected next(slot: number): number {
    return (slot + 1) & (this.slots.length - 1)
  }
}

/** A store's index of customers: each holder with the `seq` of the fact that created the order, 32 bytes per holder. */
export class CustomerIndex extends CustomerFilter {
  #seqs = new Uint32Array(this.slots.length)
  #used = 0

  add(customerId: string, createdSeq: number): void {
    if (++this.#used * 2 > this.slots.length) this.#grow()
    this.#put(fingerprint(customerId), createdSeq)
  }

  /** Ascending seqs of this customer and of all others with the same fingerprint. Check the customer of each order. */
  seqsOf(customerId: string): number[] {
    const mark = fingerprint(customerId)
    const seqs: number[] = []
    for (let slot = this.first(mark); this.slots[slot] !== 0; slot = this.next(slot)) {
      if (this.slots[slot] === mark) seqs.push(this.#seqs[slot]!)
    }
    return seqs.length > 1 ? seqs.sort((one, other) => one - other) : seqs
  }

  /** A copy of the table without the seqs, for replicas. */
  holders(): CustomerFilter {
    return new CustomerFilter(this.slots.slice())
  }

  #put(mark: number, seq: number): void {
    let slot = this.first(mark)
    while (this.slots[slot] !== 0) slot = this.next(slot)
    this.slots[slot] = mark
    this.#seqs[slot] = seq
  }

  #grow(): void {
    const { slots } = this
    const seqs = this.#seqs
    this.slots = new Uint32Array(slots.length * GROWTH)
    this.#seqs = new Uint32Array(this.slots.length)
    for (let slot = 0; slot < slots.length; slot++) {
      const mark = slots[slot]!
      if (mark !== 0) this.#put(mark, seqs[slot]!)
    }
  }
}

/** FNV-1a with a final mix. Never returns 0. */
export function fingerprint(text: string): number {
  let hash = 0x811c9dc5
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193)
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  return (hash ^ (hash >>> 13)) >>> 0 || 1
}
