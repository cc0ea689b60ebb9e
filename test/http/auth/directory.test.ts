import { expect, test } from "bun:test"
import type { Credential } from "../../../src/core/ports/credentials.ts"
import { InventoryFault } from "../../../src/core/ports/inventory.ts"
import { Directory } from "../../../src/http/auth/directory.ts"
import { FakeTime } from "../../support/fake-time.ts"
import { NO_CREDENTIALS } from "../../support/no-fleet.ts"

const ann: Credential = { name: "ann", role: "viewer", digest: "a1", createdAt: 1, createdBy: "admin" }

/** A directory over a store whose answers a test decides. */
function open() {
  const time = new FakeTime()
  const now = { credentials: [ann], fails: false, takesMs: 0, reads: 0 }
  const store = {
    ...NO_CREDENTIALS,
    async credentials() {
      now.reads++
      if (now.fails) throw new InventoryFault("away", true)
      const { credentials } = now
      await time.advance(now.takesMs)
      return { credentials, ended: [] }
    },
  }
  return { directory: new Directory(store, time), time, now }
}

const names = async (directory: Directory) => [...(await directory.fresh()).byName.keys()]

test("a copy is used for a while, so that no request waits for the store", async () => {
  const { directory, time, now } = open()
  expect(await names(directory)).toEqual(["ann"])
  await time.advance(100)
  for (let more = 0; more < 100; more++) await directory.fresh()
  expect(now.reads).toBe(1)
})

test("a copy of more than half a second is never used", async () => {
  const { directory, time, now } = open()
  await directory.fresh()
  now.credentials = []
  await time.advance(501)
  expect(await names(directory)).toEqual([])
})

test("a copy that was read too slowly is never used", async () => {
  const { directory, now } = open()
  now.takesMs = 501
  await expect(directory.fresh()).rejects.toThrow("too slowly")
})

test("while requests come, the copy is read again beside them", async () => {
  const { directory, time, now } = open()
  await directory.fresh()
  now.credentials = []
  await time.advance(300)
  expect(await names(directory)).toEqual(["ann"])
  await time.advance(0)
  expect(await names(directory)).toEqual([])
})

test("given a store that fails, a copy is used until it is too old", async () => {
  const { directory, time, now } = open()
  await directory.fresh()
  now.fails = true
  await time.advance(400)
  expect(await names(directory)).toEqual(["ann"])
  await time.advance(200)
  await expect(directory.fresh()).rejects.toThrow(InventoryFault)
})

test("a change is settled when no copy without it can be used", async () => {
  const { directory, time, now } = open()
  await directory.fresh()
  now.credentials = []
  let isSettled = false
  const settled = directory.settled().then(() => {
    isSettled = true
  })
  await time.advance(499)
  await Promise.resolve()
  expect(isSettled).toBe(false)
  expect(await names(directory)).toEqual([])
  await time.advance(1)
  await settled
})
