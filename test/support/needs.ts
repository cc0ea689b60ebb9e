import { afterAll, afterEach, beforeAll, beforeEach, describe, test } from "bun:test"
import { IN_CI } from "./effort.ts"
import type { Need } from "./programs.ts"

/** The functions with which a test file registers its tests. */
export interface Suite {
  test: typeof test
  describe: typeof describe
  beforeAll: typeof beforeAll
  beforeEach: typeof beforeEach
  afterEach: typeof afterEach
  afterAll: typeof afterAll
  /** Starts what all tests of the file share, at its top. Where the tests are left out, nothing starts. */
  shared<Value>(start: () => Promise<Value>): Promise<Value>
}

/**
 * States what the tests of a file, or some of them, need. If it is missing, they are left out and
 * counted; with CI=true nothing may be left out, so the file fails and names what is missing.
 * This is the only place where a test is skipped.
 */
export function needs(...wanted: readonly Need[]): Suite {
  const missing = wanted.filter(need => !need.isThere()).map(({ what }) => what)
  if (missing.length === 0) {
    return { test, describe, beforeAll, beforeEach, afterEach, afterAll, shared: start => start() }
  }
  if (IN_CI) throw new Error(`${missing.join(" and ")} is missing. With CI=true no test is left out.`)
  const nothing = () => {}
  return {
    test: test.skip as typeof test,
    describe: describe.skip as typeof describe,
    beforeAll: nothing,
    beforeEach: nothing,
    afterEach: nothing,
    afterAll: nothing,
    shared: async () => ABSENT as never,
  }
}

/** Stands for a system that was not started. Any of its fields can be read while tests are registered. */
const ABSENT: unknown = new Proxy(() => {}, { get: (_, name) => (name === "then" ? undefined : ABSENT) })
