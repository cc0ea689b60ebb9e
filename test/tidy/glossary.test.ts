import { expect, test } from "bun:test"
import { join } from "node:path"
import { ROOT, sourceFiles } from "../support/files.ts"

/** Folders whose exported types are the project's vocabulary. */
const VOCABULARY = ["src/core", "src/wire"]

const EXPORTED_TYPE = /^export (?:abstract )?(?:type|interface|class|enum) (\w+)/gm
/** A table's row: word, meaning, types. */
const ROW = /^\| \*\*(.+?)\*\*[^|]*\|[^|]*\|([^|]*)\|$/gm

async function typesBelow(folders: string[]): Promise<Map<string, string[]>> {
  const homes = new Map<string, string[]>()
  for (const file of folders.flatMap(sourceFiles)) {
    const text = await Bun.file(join(ROOT, file)).text()
    for (const [, name = ""] of text.matchAll(EXPORTED_TYPE)) homes.set(name, [...(homes.get(name) ?? []), file])
  }
  return homes
}

async function glossaryTypes(): Promise<string[]> {
  const text = await Bun.file(join(ROOT, "docs/glossary.md")).text()
  return [...text.matchAll(ROW)].flatMap(([, , types = ""]) =>
    [...types.matchAll(/`(\w+)`/g)].map(([, name = ""]) => name),
  )
}

test("the glossary names every type that core, the ports and the wire export, and no other", async () => {
  const exported = [...(await typesBelow(VOCABULARY)).keys()].sort()
  expect([...new Set(await glossaryTypes())].sort()).toEqual(exported)
})

test("the glossary puts each type under one word", async () => {
  const types = await glossaryTypes()
  expect(types.filter((name, at) => types.indexOf(name) !== at)).toEqual([])
})

test("no type name is exported twice, except by a wire form or the audit's own reading", async () => {
  const independent = ["src/wire/", "src/audit/"]
  const homes = await typesBelow(["src"])
  const own = [...homes].map(([name, files]) => [
    name,
    files.filter(file => !independent.some(folder => file.startsWith(folder))),
  ])
  expect(own.filter(([, files = []]) => files.length > 1)).toEqual([])
})
