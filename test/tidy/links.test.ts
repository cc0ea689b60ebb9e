import { expect, test } from "bun:test"
import { existsSync } from "node:fs"
import { dirname, join } from "node:path"
import { ROOT } from "../support/files.ts"

const LINK = /\]\((?!https?:|mailto:|#)([^)#\s]+)[^)]*\)|<img src="(?!https?:)([^"]+)"/g

const pages = [...new Bun.Glob("{*.md,docs/**/*.md,.github/**/*.md}").scanSync({ cwd: ROOT, dot: true })].sort()

test.each(pages)("every link in %s leads to a file", async page => {
  const text = await Bun.file(join(ROOT, page)).text()
  const targets = [...text.matchAll(LINK)].map(([, link, image]) => link ?? image ?? "")
  expect(targets.filter(target => !existsSync(join(ROOT, dirname(page), target)))).toEqual([])
})

test("the index of decisions names every decision", async () => {
  const index = await Bun.file(join(ROOT, "docs/decisions/README.md")).text()
  const decisions = [...new Bun.Glob("[0-9]*.md").scanSync({ cwd: join(ROOT, "docs/decisions") })]
  expect(decisions.filter(file => !index.includes(`(${file})`))).toEqual([])
})
