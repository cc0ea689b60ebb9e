import { afterAll, beforeAll, describe, expect, test } from "bun:test"
import type { Operation } from "../support/http/document.ts"
import { expected, tried } from "../support/http/matrix.ts"
import { sourceDocument } from "../support/http/source-document.ts"
import { openTargets, type Target } from "../support/http/targets.ts"
import { System } from "../support/system.ts"

let system: System
const document = sourceDocument()
let targetOf: (operation: Operation, servedBy: string) => Promise<Target>

beforeAll(async () => {
  system = await System.start()
  targetOf = await openTargets(system)
}, 30_000)
afterAll(() => system.stop())

describe("each credential is answered as the table says", () => {
  for (const operation of document.operations) {
    test(`${operation.method} ${operation.path}`, async () => {
      expect(await tried({ port: system.port, document, targetOf }, operation)).toEqual(expected(operation))
    })
  }
})
