import { expect, test } from "bun:test"
import { type Series, superlinearSteps } from "../../bench/growth/steps.ts"

const series = (figure: Series["figure"], ...points: [number, number][]): Series => ({ axis: "orders", figure, points })

test("given a cost per purchase that stays the same, no step is superlinear", () => {
  expect(superlinearSteps([series("CPU µs per purchase", [1000, 80], [10_000, 82], [100_000, 79])])).toEqual([])
})

test("given a cost per purchase that grows by half between two sizes, that step is named", () => {
  const steps = superlinearSteps([series("CPU µs per purchase", [1000, 80], [10_000, 80], [100_000, 120])])
  expect(steps).toMatchObject([{ from: 10_000, to: 100_000, grew: 1.5 }])
})

test("memory and start may grow as much as what they are for, and no more", () => {
  expect(superlinearSteps([series("memory, MB", [1000, 10], [10_000, 100])])).toEqual([])
  expect(superlinearSteps([series("start, s", [1000, 0.1], [10_000, 1.5])])).toMatchObject([{ from: 1000, grew: 15 }])
})
