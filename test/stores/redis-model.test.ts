import { afterAll, describe, test } from "bun:test"
import { IN_CI } from "./effort.ts"
import { compare, LIMIT_MS } from "./model/compare.ts"
import { redis } from "./redis-kinds.ts"

describe("Redis and the model decide alike over random commands", () => {
  const kind = redis()
  test("Redis", () => compare(kind, IN_CI ? 10_000 : 1_000), LIMIT_MS * 2)
  afterAll(() => kind.end())
})
