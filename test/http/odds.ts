import fc from "fast-check"

/** The other one in `weight` + 1. */
export function mostly<Value>(
  weight: number,
  usual: fc.Arbitrary<Value>,
  other: fc.Arbitrary<Value>,
): fc.Arbitrary<Value> {
  return fc.oneof({ weight, arbitrary: usual }, { weight: 1, arbitrary: other })
}

/** One in `times` has it. */
export function rarely<Value>(times: number, value: fc.Arbitrary<Value>): fc.Arbitrary<Value[]> {
  return mostly(
    times - 1,
    fc.constant<Value[]>([]),
    value.map(found => [found]),
  )
}

/** One in `times` has it not. */
export function rarelyNot<Value>(times: number, value: fc.Arbitrary<Value>): fc.Arbitrary<Value[]> {
  return mostly(
    times - 1,
    value.map(found => [found]),
    fc.constant<Value[]>([]),
  )
}
