import { effort } from "../../support/effort.ts"
import { sellsExactly100 } from "../../support/exactly-100.ts"
import { needs } from "../../support/needs.ts"
import { administrator } from "../../support/node.ts"
import { NGINX, POSTGRES, REDIS } from "../../support/programs.ts"
import { NativeStack } from "../../support/stack.ts"

const { test } = needs(REDIS, POSTGRES, NGINX)

const RUNS = effort(5, 1, 50)

test(
  `10,000 attempts of 2,000 customers for 100 units sell exactly 100 over three replicas, ${RUNS} times`,
  async () => {
    await using stack = await NativeStack.start({ nginx: true })
    const client = administrator({ url: stack.url, dataDir: stack.folder })
    for (let run = 1; run <= RUNS; run++) await sellsExactly100(stack, client, `run-${run}`, stack.publicUrl)
  },
  RUNS * 60_000,
)
