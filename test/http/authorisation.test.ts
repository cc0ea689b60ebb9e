import { afterAll, beforeAll, describe, expect, test } from "bun:test"
import { type Made, makeCredentials } from "../support/http/made-credentials.ts"
import { expected, tried } from "../support/http/matrix.ts"
import { sourceDocument } from "../support/http/source-document.ts"
import { openTargets, type Targets } from "../support/http/targets.ts"
import { System } from "../support/system.ts"

let system: System
const document = sourceDocument()
let targets: Targets
let made: Made

beforeAll(async () => {
  system = await System.start()
  targets = await openTargets(system)
  made = await makeCredentials(system)
}, 30_000)
afterAll(() => system.stop())

describe("each credential is answered as the table says", () => {
  for (const operation of document.operations) {
    test(`${operation.method} ${operation.path}`, async () => {
      expect(await tried({ port: system.port, document, targets, made }, operation)).toEqual(expected(operation))
    })
  }
})
