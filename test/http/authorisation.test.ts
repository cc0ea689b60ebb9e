import { afterAll, beforeAll, describe, expect, test } from "bun:test"
import { expected, tried } from "../support/http/matrix.ts"
import { sourceDocument } from "../support/http/source-document.ts"
import { openTargets, type Targets } from "../support/http/targets.ts"
import { System } from "../support/system.ts"

let system: System
const document = sourceDocument()
let targets: Targets

beforeAll(async () => {
  system = await System.start()
  targets = await openTargets(system)
}, 30_000)
afterAll(() => system.stop())

describe("each credential is answered as the table says", () => {
  for (const operation of document.operations) {
    test(`${operation.method} ${operation.path}`, async () => {
      expect(await tried({ port: system.port, document, targets }, operation)).toEqual(expected(operation))
    })
  }
})
