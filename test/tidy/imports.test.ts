import { expect, test } from "bun:test"
import { dirname, join, relative } from "node:path"
import { ROOT, sourceFiles } from "../support/files.ts"

/** The folders that each folder of `src` may import. Imports only go down. */
const MAY_IMPORT: Record<string, string[]> = {
  core: [],
  runtime: [],
  wire: [],
  config: ["core"],
  audit: ["wire"],
  observability: ["core", "runtime"],
  processes: ["config", "observability", "runtime"],
  http: ["core", "runtime", "wire", "config", "observability", "audit", "ui"],
  embedded: ["core", "runtime", "config", "observability", "processes", "http"],
  stack: ["core", "runtime", "config", "observability", "processes", "http"],
  cli: ["runtime", "wire", "audit"],
  ui: ["wire"],
  main: ["core", "config", "processes", "cli", "embedded", "stack"],
}

/** Any file may read the version from here. */
const PACKAGE = join(ROOT, "package.json")

const IMPORT = /(?:from|import)\s*\(?\s*"(\.[^"]+)"/g

/** `src/http/orders.ts` -> `http`; `src/wire.ts` -> `wire`. */
function folderOf(path: string): string {
  return relative(join(ROOT, "src"), path).split("/")[0]!.replace(/\.ts$/, "")
}

test.each(sourceFiles("src"))("%s imports only downwards", async file => {
  const text = await Bun.file(join(ROOT, file)).text()
  const from = folderOf(join(ROOT, file))
  const allowed = new Set([from, ...(MAY_IMPORT[from] ?? [])])
  const paths = [...text.matchAll(IMPORT)].map(([, path = ""]) => join(ROOT, dirname(file), path))
  const imported = paths.filter(path => path !== PACKAGE).map(folderOf)
  expect(imported.filter(folder => !allowed.has(folder))).toEqual([])
})

test("every folder has a rule", () => {
  const folders = new Set(sourceFiles("src").map(file => folderOf(join(ROOT, file))))
  folders.delete("text.d")
  expect([...folders].filter(folder => !(folder in MAY_IMPORT))).toEqual([])
})

test("core imports nothing from outside", async () => {
  for (const file of sourceFiles("src/core")) {
    const text = await Bun.file(join(ROOT, file)).text()
    expect([...text.matchAll(/from "([^."][^"]*)"/g)].map(match => `${file}: ${match[1]}`)).toEqual([])
  }
})
