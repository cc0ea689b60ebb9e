import { readFileSync } from "node:fs"
import type { Env } from "./read.ts"

const STDIN = 0
/** Settings that hold a secret, or a URL that may hold a password. */
const SECRET = /SECRET|TOKEN|PASSWORD|(INVENTORY|LEDGER)_URL/

/**
 * Divides an environment for a child process: the secrets go through its standard input, because an environment is shown by
 * tools, written to reports of crashes and passed on to whatever the child starts.
 */
export function handOver(env: Env, settings: readonly string[]): { env: Env; stdin: string } {
  const open: Env = { ...env, SETTINGS_FROM: "stdin" }
  const secret: Env = {}
  for (const name of settings.filter(name => SECRET.test(name))) {
    secret[name] = env[name]
    delete open[name]
  }
  return { env: open, stdin: JSON.stringify(secret) }
}

/** The environment of this process, with what its parent handed over. Read it once: the input is empty afterwards. */
export function takeOver(env: Env): Env {
  if (env.SETTINGS_FROM !== "stdin") return env
  const { SETTINGS_FROM: _, ...open } = env
  return { ...open, ...(JSON.parse(readFileSync(STDIN, "utf8")) as Env) }
}
