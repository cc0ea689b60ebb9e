import { expect, test } from "bun:test"
import { existsSync } from "node:fs"
import { join } from "node:path"

const ROOT = join(import.meta.dir, "../..")
/** English writes 1,470 and 12.8 where Indonesian writes 1.470 and 12,8. */
const NUMBER = /(?<![\w.:/-])\d+(?:[.,]\d+)*(?!\w)/g
const ENGLISH = "README.md"
const INDONESIAN = "README.id.md"

interface Section {
  title: string
  text: string
}

/** What must be equal in both languages, by kind and sorted. */
type Facts = Record<"commands" | "links and pictures" | "figures", string[]>

async function sectionsOf(file: string): Promise<Section[]> {
  const text = await Bun.file(join(ROOT, file)).text()
  return text.split(/^(?=## )/m).map(part => ({ title: part.split("\n", 1)[0] ?? "", text: part }))
}

function factsOf(text: string, isIndonesian: boolean): Facts {
  const blocks = [...text.matchAll(/^```sh\n(.*?)^```/gms)].flatMap(([, code = ""]) => code.trim().split("\n"))
  const prose = text.replaceAll(/^```.*?^```/gms, "")
  const typed = blocks.map(line => line.replace(/\s+#.*/, ""))
  const inline = [...prose.matchAll(/`([^`]+)`/g)].map(([, code = ""]) => code)
  const links = [...prose.matchAll(/\]\(([^)]+)\)|src="([^"]+)"|(https?:\/\/[^\s`)*;,]+)/g)].map(
    ([, link, source, address]) => link ?? source ?? address ?? "",
  )
  // Neither the link to the other language nor code counts as a figure.
  const said = prose.replaceAll(/`[^`]+`|\]\([^)]+\)|https?:\S+|src="[^"]+"/g, "")
  const figures = [...said.matchAll(NUMBER)].map(([figure]) => plainNumber(figure, isIndonesian))
  return {
    commands: [...typed, ...inline].sort(),
    "links and pictures": links.filter(link => link !== ENGLISH && link !== INDONESIAN).sort(),
    figures: figures.sort(),
  }
}

function plainNumber(figure: string, isIndonesian: boolean): string {
  const [thousands, decimal] = isIndonesian ? [".", ","] : [",", "."]
  return figure.replaceAll(thousands, "").replace(decimal, ".")
}

/** The members of `all` that are missing in `others`, with repetitions. */
function lacking(all: string[], others: string[]): string[] {
  const left = [...others]
  return all.filter(one => {
    const at = left.indexOf(one)
    if (at >= 0) left.splice(at, 1)
    return at < 0
  })
}

test("README.id.md has the sections, commands, links and figures of README.md", async () => {
  const [english, indonesian] = await Promise.all([sectionsOf(ENGLISH), sectionsOf(INDONESIAN)])
  const differences: string[] = []
  if (english.length !== indonesian.length) {
    differences.push(`${ENGLISH} has ${english.length} sections, ${INDONESIAN} has ${indonesian.length}.`)
  }
  for (const [at, section] of english.entries()) {
    const other = indonesian[at]
    if (!other) break
    const [facts, theirs] = [factsOf(section.text, false), factsOf(other.text, true)]
    for (const kind of Object.keys(facts) as (keyof Facts)[]) {
      const place = `"${section.title}" / "${other.title}", ${kind}:`
      for (const one of lacking(facts[kind], theirs[kind])) differences.push(`${place} ${INDONESIAN} lacks ${one}`)
      for (const one of lacking(theirs[kind], facts[kind])) differences.push(`${place} ${ENGLISH} lacks ${one}`)
    }
  }
  expect(differences).toEqual([])
})

test("every file that README.md, README.id.md, CONTRIBUTING.md and SECURITY.md link to exists", async () => {
  for (const file of [ENGLISH, INDONESIAN, "CONTRIBUTING.md", "SECURITY.md"]) {
    const text = await Bun.file(join(ROOT, file)).text()
    const paths = [...text.matchAll(/\]\((?!https?:)([^)#]+)[^)]*\)|src="([^"]+)"/g)].map(
      ([, link, source]) => link ?? source,
    )
    const missing = paths.filter(path => !existsSync(join(ROOT, path ?? "")))
    expect({ file, missing }).toEqual({ file, missing: [] })
  }
})
