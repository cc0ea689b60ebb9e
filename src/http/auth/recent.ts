/** Values by text, of which those that were used lately are kept: `most` at least, twice as many at most. */
export class Recent<Value extends object> {
  #young = new Map<string, Value>()
  #old = new Map<string, Value>()

  constructor(private readonly most: number) {}

  get(text: string): Value | undefined {
    const value = this.#young.get(text)
    if (value) return value
    const old = this.#old.get(text)
    if (old) this.set(text, old)
    return old
  }

  /** When the young ones are `most`, they become the old ones, and those that were old are forgotten. */
  set(text: string, value: Value): void {
    if (this.#young.size >= this.most) {
      this.#old = this.#young
      this.#young = new Map()
    }
    this.#young.set(text, value)
  }

  get size(): number {
    return this.#young.size + this.#old.size
  }
}
