import { expect } from "bun:test"
import { join } from "node:path"
import { needs } from "../support/needs.ts"
import { command } from "../support/programs.ts"

const WRITER = join(import.meta.dir, "writer.ts")

// The kind: an output that stops taking what is written to it, before the start or in the middle of a sale.

needs(command("bash")).test.each([
  ["a full disk", "> /dev/full", "logged\n"],
  ["a pipe that nobody reads", "| true", "gone\nlogged\n"],
  ["closed", ">&-", "logged\n"],
])("given an output that is %s, a process that logs goes on", async (_, output, said) => {
  const child = Bun.spawn(["bash", "-c", `${process.execPath} ${WRITER} ${output}`], {
    stdio: ["ignore", "pipe", "pipe"],
  })
  expect(await new Response(child.stderr).text()).toBe(said)
  expect(await child.exited).toBe(0)
})
