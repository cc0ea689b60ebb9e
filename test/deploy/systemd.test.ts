import { expect } from "bun:test"
import { chmodSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { Folder } from "../support/launch.ts"
import { needs } from "../support/needs.ts"
import { SYSTEMD_ANALYZE } from "../support/programs.ts"

const UNIT = join(import.meta.dir, "../../deploy/systemd/doorbuster.service")
const INSTALLED = "/usr/local/bin/doorbuster"
const { test } = needs(SYSTEMD_ANALYZE)

test("systemd-analyze verify accepts the unit when its executable exists", async () => {
  using folder = new Folder()
  const program = folder.file("doorbuster")
  writeFileSync(program, "#!/bin/sh\n")
  chmodSync(program, 0o755)
  const text = await Bun.file(UNIT).text()
  expect(text).toContain(`ExecStart=${INSTALLED} up\n`)
  const unit = folder.file("doorbuster.service")
  writeFileSync(unit, text.replaceAll(INSTALLED, program))
  const { exitCode, stdout, stderr } = Bun.spawnSync(["systemd-analyze", "verify", unit])
  expect([exitCode, `${stdout}${stderr}`]).toEqual([0, ""])
})
