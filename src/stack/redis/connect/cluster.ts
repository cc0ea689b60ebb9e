import { InventoryFault } from "../../../core/ports/inventory.ts"
import { sleep } from "../../../runtime/time.ts"
import type { Address } from "./address.ts"
import { askOnce, type ConnectOptions } from "./connection.ts"
import { plain } from "./faults.ts"
import { Node, type Topology } from "./node.ts"

const SLOTS = 16_384
/** The shortest time between two reads of the slot map, however often a node replies that the map is old. */
const REFRESH_EVERY_MS = 200

/** A Redis Cluster: one connection to each master, and the slot map as it was last read. */
export class Cluster implements Topology {
  readonly #byAddress = new Map<string, Node>()
  readonly #bySlot: Node[] = []
  #fault = new InventoryFault("The store's cluster is not connected yet.", true)
  #reading: Promise<void> | undefined
  #isClosed = false

  constructor(
    private readonly roots: readonly Address[],
    private readonly options: ConnectOptions,
  ) {}

  start(): void {
    void this.refresh()
  }

  node(tag: string): Node {
    const node = this.#bySlot[slotOf(tag)]
    if (node) return node
    void this.refresh()
    throw this.#fault
  }

  nodes(): Node[] {
    return [...this.#byAddress.values()]
  }

  refresh(): Promise<void> {
    this.#reading ??= this.#read().finally(() => {
      this.options.time.after(REFRESH_EVERY_MS, () => {
        this.#reading = undefined
      })
    })
    return this.#reading
  }

  async connected(): Promise<void> {
    for (;;) {
      await this.refresh()
      if (this.#isClosed || this.#bySlot.length > 0) break
      await sleep(REFRESH_EVERY_MS, undefined, this.options.time)
    }
    await Promise.all(this.nodes().map(node => node.connected()))
  }

  close(): void {
    this.#isClosed = true
    for (const node of this.nodes()) node.close()
  }

  async #read(): Promise<void> {
    const known = [...this.#byAddress.keys()].map(parseAddress)
    for (const root of [...known, ...this.roots]) {
      try {
        const ranges = (await askOnce(root, this.options, "CLUSTER", "SLOTS")) as [number, number, [string, number]][]
        if (ranges.length === 0) throw new Error("the cluster has no slots yet")
        return this.#take(ranges, root)
      } catch (error) {
        this.#fault = new InventoryFault(`The store's cluster cannot be read: ${plain(error as Error)}.`, true)
      }
    }
  }

  #take(ranges: [number, number, [string, number]][], root: Address): void {
    if (this.#isClosed) return
    const masters = new Set<string>()
    for (const [first, last, [host, port]] of ranges) {
      const address = { host: host || root.host, port }
      const name = `${address.host}:${port}`
      masters.add(name)
      let node = this.#byAddress.get(name)
      if (!node) {
        node = new Node(async () => address, this.options)
        node.start()
        this.#byAddress.set(name, node)
      }
      for (let slot = first; slot <= last; slot++) this.#bySlot[slot] = node
    }
    for (const [name, node] of this.#byAddress) {
      if (masters.has(name)) continue
      node.close()
      this.#byAddress.delete(name)
    }
  }
}

function parseAddress(name: string): Address {
  const at = name.lastIndexOf(":")
  return { host: name.slice(0, at), port: Number(name.slice(at + 1)) }
}

/** The slot of the keys with this hash tag: its CRC16 (XMODEM), as the Redis Cluster specification says. */
function slotOf(tag: string): number {
  let crc = 0
  for (const byte of new TextEncoder().encode(tag)) {
    crc ^= byte << 8
    for (let bit = 0; bit < 8; bit++) crc = crc & 0x8000 ? (crc << 1) ^ 0x1021 : crc << 1
    crc &= 0xffff
  }
  return crc % SLOTS
}
