import { describe } from "bun:test"
import { effort } from "../support/effort.ts"
import { needs } from "../support/needs.ts"
import { REDIS_KINDS } from "../support/stores/redis-kinds.ts"
import { compare, LIMIT_MS } from "./model/compare.ts"

/** The first kind runs the most commands. The others reach the same functions over other connections. */
const COMMANDS = effort([6000, 1000, 1000, 1000], [1000, 300, 300, 300], [200_000, 20_000, 20_000, 20_000])

describe("given random commands, every kind of Redis connection and the model decide the same", () => {
  for (const [at, openKind] of REDIS_KINDS.entries()) {
    const kind = openKind()
    const { afterAll, test } = needs(...kind.needs)
    test(kind.name, () => compare(kind, COMMANDS[at]!), LIMIT_MS * 2)
    afterAll(() => kind.end())
  }
})
