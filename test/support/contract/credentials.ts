import { describe as describeHere, expect, test as testHere } from "bun:test"
import {
  CREDENTIALS_MAX,
  type Credential,
  type CredentialStore,
  ENDED_MAX,
  EVERYBODY,
} from "../../../src/core/ports/credentials.ts"

const NOW = 1_700_000_000

const ann: Credential = { name: "ann", role: "viewer", digest: "a1", createdAt: 1, createdBy: "admin" }

/** What every store of credentials does. `open` opens the same, empty store again. */
export function credentialContract(
  name: string,
  open: () => Promise<CredentialStore>,
  clear: () => Promise<unknown>,
  { describe, test } = { describe: describeHere, test: testHere },
): void {
  const opened = async () => {
    await clear()
    return open()
  }

  describe(`${name}, as a store of credentials`, () => {
    test("keeps what was added for whoever opens it next, and no name twice", async () => {
      const store = await opened()
      expect(await store.credentials()).toEqual({ credentials: [], ended: [] })
      expect(await store.addCredential(ann)).toBe("added")
      expect(await store.addCredential({ ...ann, digest: "a2", role: "owner" })).toBe("exists")
      const shop: Credential = { ...ann, name: "shop", scopes: ["orders:read"], digest: "b1" }
      delete shop.role
      expect(await store.addCredential(shop)).toBe("added")
      const { credentials } = await (await open()).credentials()
      expect(credentials.sort((one, other) => one.name.localeCompare(other.name))).toEqual([ann, shop])
    })

    test("revokes once, and the name is free again", async () => {
      const store = await opened()
      await store.addCredential(ann)
      expect(await store.revokeCredential("ann")).toBe(true)
      expect(await store.revokeCredential("ann")).toBe(false)
      expect((await (await open()).credentials()).credentials).toEqual([])
      expect(await store.addCredential({ ...ann, digest: "a3" })).toBe("added")
    })

    test("has a bound, and says that it is full", async () => {
      const store = await opened()
      for (let at = 0; at < CREDENTIALS_MAX; at++)
        await store.addCredential({ ...ann, name: `n${at}`, digest: `${at}` })
      expect(await store.addCredential(ann)).toBe("full")
    })

    test("keeps ended sessions until they would have ended by themselves", async () => {
      const store = await opened()
      await store.endSession({ id: "one", until: NOW + 10 }, NOW)
      await store.endSession({ id: "two", until: NOW + 20 }, NOW)
      const ended = async () => (await (await open()).credentials()).ended.map(({ id }) => id).sort()
      expect(await ended()).toEqual(["one", "two"])
      await store.endSession({ id: "three", until: NOW + 30 }, NOW + 10)
      expect(await ended()).toEqual(["three", "two"])
    })

    test("given more ended sessions than it keeps, ends everybody's instead of opening one again", async () => {
      const store = await opened()
      for (let at = 0; at <= ENDED_MAX; at++) await store.endSession({ id: `s${at}`, until: NOW + 1 + at }, NOW)
      expect((await (await open()).credentials()).ended).toEqual([{ id: EVERYBODY, until: NOW + 1 + ENDED_MAX }])
      await store.endSession({ id: "later", until: NOW + 9999 }, NOW)
      const { ended } = await store.credentials()
      expect(ended.map(({ id }) => id).sort()).toEqual([EVERYBODY, "later"])
    })
  })
}
