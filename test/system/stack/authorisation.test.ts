import { expect } from "bun:test"
import { type Made, makeCredentials } from "../../support/http/made-credentials.ts"
import { expected, tried } from "../../support/http/matrix.ts"
import { sourceDocument } from "../../support/http/source-document.ts"
import { openTargets, type Targets } from "../../support/http/targets.ts"
import { needs } from "../../support/needs.ts"
import { NGINX, POSTGRES, REDIS } from "../../support/programs.ts"
import { NativeStack } from "../../support/stack.ts"

const { afterAll, beforeAll, describe, test } = needs(REDIS, POSTGRES, NGINX)

/** No node here can be killed or drained, so an administrator gets a not-found answer. */
const DRILLS = ["killNode", "drainNode"]

let stack: NativeStack
const document = sourceDocument()
let targets: Targets
let made: Made

beforeAll(async () => {
  stack = await NativeStack.start()
  targets = await openTargets(stack)
  made = await makeCredentials(stack)
}, 90_000)
afterAll(() => stack.stop(), 30_000)

describe("on the stack, every operation answers each role as the OpenAPI document says", () => {
  for (const operation of document.operations) {
    test(`${operation.method} ${operation.path}`, async () => {
      const port = Number(new URL(stack.url).port)
      const entries = Object.entries(expected(operation))
      const here = entries.map(([who, what]) => [
        who,
        DRILLS.includes(operation.operationId) && what === "ok" ? "404" : what,
      ])
      expect(await tried({ port, document, targets, made }, operation)).toEqual(Object.fromEntries(here))
    }, 30_000)
  }
})
