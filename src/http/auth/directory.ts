import {
  type Credential,
  type CredentialStore,
  type EndedSession,
  EVERYBODY,
  ROLES,
} from "../../core/ports/credentials.ts"
import { InventoryFault } from "../../core/ports/inventory.ts"
import { sleep, type Time } from "../../runtime/time.ts"

/** How old a replica's copy of the credentials may be when it is used. A change is answered when older copies have ended. */
const COPY_MAX_MS = 500
/** A copy of this age is read again beside the requests, so that while requests come none of them waits. */
const REFRESH_AFTER_MS = 200
/** Reads that may take longer than their copy is good for. */
const READS_MAX = 3

/** The credentials as they stood at one moment. */
export interface DirectoryCopy {
  byDigest: ReadonlyMap<string, Credential>
  byName: ReadonlyMap<string, Credential>
  isEnded(session: EndedSession): boolean
}

/** A replica's copy of the credentials. It is read only when somebody uses it, and never used when it is too old. */
export class Directory {
  #copy: DirectoryCopy | undefined
  #readAt = Number.NEGATIVE_INFINITY
  #reading: Promise<DirectoryCopy> | undefined

  constructor(
    readonly store: CredentialStore,
    private readonly time: Time,
  ) {}

  /** A copy that is at most `COPY_MAX_MS` old. Rejects with an `InventoryFault` if the store gives none in time. */
  async fresh(): Promise<DirectoryCopy> {
    for (let read = 0; read <= READS_MAX; read++) {
      const age = this.time.monotonic() - this.#readAt
      if (this.#copy !== undefined && age <= COPY_MAX_MS) {
        // A failure shows when the copy is too old.
        if (age > REFRESH_AFTER_MS) this.#read().catch(() => {})
        return this.#copy
      }
      await this.#read()
    }
    throw new InventoryFault("The store gives the credentials too slowly.", true)
  }

  /** After a change of the store: resolves when no replica can use a copy that lacks it. */
  async settled(): Promise<void> {
    this.#readAt = Number.NEGATIVE_INFINITY
    await sleep(COPY_MAX_MS, undefined, this.time)
  }

  #read(): Promise<DirectoryCopy> {
    this.#reading ??= this.#readOnce().finally(() => {
      this.#reading = undefined
    })
    return this.#reading
  }

  async #readOnce(): Promise<DirectoryCopy> {
    const startedAt = this.time.monotonic()
    const { credentials, ended } = await this.store.credentials()
    this.#copy = copyOf(credentials, ended)
    this.#readAt = startedAt
    return this.#copy
  }
}

function copyOf(credentials: readonly Credential[], ended: readonly EndedSession[]): DirectoryCopy {
  const until = new Map(ended.map(session => [session.id, session.until]))
  const everybody = until.get(EVERYBODY) ?? 0
  // A role that a newer release made and this one does not know opens nothing.
  const known = credentials.filter(({ role }) => role === undefined || ROLES.includes(role))
  return {
    byDigest: new Map(known.map(one => [one.digest, one])),
    byName: new Map(known.map(one => [one.name, one])),
    isEnded: session => until.has(session.id) || session.until <= everybody,
  }
}
