import { expect } from "bun:test"
import { PERSONA_NAMES, runPersonas } from "../../../src/cli/attack/personas/run-personas.ts"
import { effort } from "../../support/effort.ts"
import { needs } from "../../support/needs.ts"
import { NGINX, POSTGRES, REDIS } from "../../support/programs.ts"
import { ADMIN_TOKEN } from "../../support/site.ts"
import { NativeStack } from "../../support/stack.ts"

const { test } = needs(REDIS, POSTGRES, NGINX)

test("given all personas at once, the stack holds, and honest buyers behind the same address notice nothing", async () => {
  await using stack = await NativeStack.start({ nginx: {} })
  await stack.createSale("shoes", { checkout: "hold", holdSeconds: 600, total: 10_000, limitPerCustomer: 2 })
  const report = await runPersonas({
    url: stack.publicUrl,
    operatorsUrl: stack.url,
    personas: PERSONA_NAMES,
    durationMs: effort(8_000, 3_000),
    ownSystem: false,
    rate: 100,
    timeoutMs: 5_000,
    adminToken: ADMIN_TOKEN,
    signal: new AbortController().signal,
  })
  const { p99: before } = report.before
  const { p99: during } = report.during
  console.log(`  p99 of honest buyers: ${before} ms before, ${during} ms during the attack`)
  // How slow a busy machine is says nothing about the system.
  expect(report.faults.filter(fault => !fault.startsWith("Honest buyers waited"))).toEqual([])
}, 120_000)
