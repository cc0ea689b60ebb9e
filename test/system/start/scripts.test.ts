import { expect, test } from "bun:test"
import { join } from "node:path"
import manifest from "../../../package.json"

const ROOT = join(import.meta.dir, "../../..")
const names = Object.keys(manifest.scripts)
const typed = (name: string) => (["start", "test"].includes(name) ? `npm ${name}` : `npm run ${name}`)

async function run(command: string[]): Promise<{ code: number; out: string; err: string }> {
  const child = Bun.spawn(command, { cwd: ROOT, stdio: ["ignore", "pipe", "pipe"] })
  const [out, err] = await Promise.all([new Response(child.stdout).text(), new Response(child.stderr).text()])
  return { code: await child.exited, out, err }
}

test("npm run help lists every script of package.json, and no other", async () => {
  const { code, out, err } = await run(["node", "bin/help.mjs"])
  const listed = [...out.matchAll(/^ {2}(npm (?:run )?[a-z:]+) {2,}\S/gm)].map(([, command]) => command!)
  expect(listed.sort()).toEqual(names.map(typed).sort())
  expect([code, err]).toEqual([0, ""])
})

test.each(names)(
  "the script %s answers --help with a usage line and an example, and does nothing else",
  async name => {
    const [program = "", ...args] = manifest.scripts[name as keyof typeof manifest.scripts].split(" ")
    const { code, out, err } = await run([program, ...args, "--help"])
    expect(out).toMatch(/^Usage: (doorbuster|npm) ?/m)
    expect(out).toMatch(/^ {2}.*\b(npm (run|test|start)|doorbuster) ?/m)
    expect([code, err]).toEqual([0, ""])
  },
  30_000,
)
