import { expect, test } from "bun:test"
import type { NodeRecord, NodeStatus } from "../../../src/core/ports/nodes.ts"
import { NodeLiveness } from "../../../src/stack/nodes/node-liveness.ts"

const HOUR_MS = 3_600_000

function record(id: string, at: number, more: Partial<NodeStatus> = {}): NodeRecord {
  return { at, status: { id, state: "ready", startedAt: 0, restarts: 0, requestsPerSecond: 5, ...more } }
}

const states = (sightings: NodeLiveness, now: number) =>
  Object.fromEntries(sightings.nodes(now).map(({ id, state }) => [id, state]))

test("a node that stops publishing is down after three seconds and hidden after a minute", () => {
  const sightings = new NodeLiveness()
  sightings.observe([record("a", 100), record("b", 100)], 0, 100)
  sightings.observe([record("a", 1100), record("b", 100)], 1000, 1100)
  expect(states(sightings, 2999)).toEqual({ a: "ready", b: "ready" })
  expect(states(sightings, 3000)).toEqual({ a: "ready", b: "down" })
  expect(sightings.nodes(3000)[1]).toMatchObject({ lastExit: "fell silent", requestsPerSecond: 0 })
  expect(states(sightings, 60_000)).toEqual({ a: "down" })
  expect(states(sightings, 61_000)).toEqual({})
})

test("nodes whose clocks differ by hours are live", () => {
  const sightings = new NodeLiveness()
  for (let second = 0; second < 10; second++) {
    const at = second * 1000
    sightings.observe([record("early", at - HOUR_MS), record("late", at + HOUR_MS)], at, at)
    if (second > 0) expect(states(sightings, at)).toEqual({ early: "ready", late: "ready" })
  }
})

test("a process that has just started does not take the record of an ended process for a live node", () => {
  const sightings = new NodeLiveness()
  sightings.observe([record("gone", 1000), record("here", 9500)], 50, 10_000)
  expect(states(sightings, 50)).toEqual({ gone: "down", here: "ready" })
})

test("a node that stopped in order is shown with that reason, and as live once it comes back", () => {
  const sightings = new NodeLiveness()
  sightings.observe([record("a", 1000, { state: "down", lastExit: "stopped in order" })], 0, 1000)
  expect(sightings.nodes(5000)[0]).toMatchObject({ state: "down", lastExit: "stopped in order" })
  sightings.observe([record("a", 100_000, { restarts: 1 })], 99_000, 100_000)
  expect(sightings.nodes(99_000)[0]).toMatchObject({ state: "ready", restarts: 1 })
})

test("a record is forgotten after a day, or when the registry has lost it", () => {
  const sightings = new NodeLiveness()
  expect(sightings.observe([record("a", 0), record("b", 0)], 0, 0)).toEqual([])
  expect(sightings.observe([record("a", 0), record("b", 1)], 24 * HOUR_MS + 1, 0)).toEqual(["a"])
  sightings.observe([], 24 * HOUR_MS + 2, 0)
  expect(sightings.nodes(24 * HOUR_MS + 2)).toEqual([])
})
