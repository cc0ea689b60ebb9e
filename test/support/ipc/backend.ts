import { join } from "node:path"
import type { Millis } from "../../../src/core/sale.ts"
import { IpcInventory } from "../../../src/embedded/ipc/inventory.ts"
import type { ToReplica, ToSupervisor } from "../../../src/embedded/ipc/protocol.ts"
import { type Clock, systemTime } from "../../../src/runtime/time.ts"

/** What a clock shows. */
interface Shown {
  now: Millis
  elapsed: Millis
}

/** What the test asks of the process beside the messages of replicas. */
export type ToBackend = ToSupervisor | ({ type: "open"; file: string } & Shown) | ({ type: "clock" } & Shown)

function shownBy(clock: Clock): Shown {
  return { now: clock.now(), elapsed: clock.monotonic() }
}

/** The supervisor's end, in a process of its own; this end is the replica's. */
export class Backend {
  #inventory: IpcInventory | undefined
  #begun = Promise.withResolvers<void>()
  readonly #child = Bun.spawn([process.execPath, join(import.meta.dir, "backend-process.ts")], {
    stdio: ["ignore", "inherit", "inherit"],
    serialization: "json",
    ipc: message => this.#receive(message as ToReplica),
  })

  /** The store of another file; the one before is closed. */
  async open(file: string, clock: Clock): Promise<IpcInventory> {
    await this.#inventory?.[Symbol.asyncDispose]()
    this.#inventory = new IpcInventory(
      { send: message => this.#send(message) },
      { ...systemTime, monotonic: () => clock.monotonic() },
    )
    this.#begun = Promise.withResolvers<void>()
    this.#child.exited.then(code => this.#begun.reject(new Error(`The backend ended with ${code}.`)))
    this.#send({ type: "open", file, ...shownBy(clock) })
    await this.#begun.promise
    return this.#inventory
  }

  setClock(clock: Clock): void {
    this.#send({ type: "clock", ...shownBy(clock) })
  }

  async kill(): Promise<void> {
    this.#child.kill("SIGKILL")
    await this.#child.exited
    await this.#inventory?.[Symbol.asyncDispose]()
  }

  #send(message: ToBackend): void {
    this.#child.send(message)
  }

  #receive(message: ToReplica): void {
    if (message.type === "begin") this.#begun.resolve()
    else this.#inventory?.receive(message)
  }
}
