import fc from "fast-check"

/** `usual`, but one time in `weight` + 1 `other`. */
export function mostly<Value>(
  weight: number,
  usual: fc.Arbitrary<Value>,
  other: fc.Arbitrary<Value>,
): fc.Arbitrary<Value> {
  return fc.oneof({ weight, arbitrary: usual }, { weight: 1, arbitrary: other })
}

/** A list that contains the value one time in `times`, and is otherwise empty. */
export function rarely<Value>(times: number, value: fc.Arbitrary<Value>): fc.Arbitrary<Value[]> {
  return mostly(
    times - 1,
    fc.constant<Value[]>([]),
    value.map(found => [found]),
  )
}

/** A list that is empty one time in `times`, and otherwise contains the value. */
export function rarelyNot<Value>(times: number, value: fc.Arbitrary<Value>): fc.Arbitrary<Value[]> {
  return mostly(
    times - 1,
    value.map(found => [found]),
    fc.constant<Value[]>([]),
  )
}
