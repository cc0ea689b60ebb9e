import { randomBytes } from "node:crypto"
import { accessSync, constants, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { ADMIN_TOKEN_BYTES_MIN, type Config, ConfigError, SESSION_SECRET_BYTES_MIN } from "../config/config.ts"

export interface Secrets {
  sessionSecret: string
  adminToken: string
  /** True when the token was made just now and nobody has seen it. */
  adminTokenIsNew: boolean
}

/** Makes the data folder. */
export function openFolder({ dataDir }: Config): void {
  inFolder(dataDir, () => {
    mkdirSync(dataDir, { recursive: true })
    accessSync(dataDir, constants.W_OK | constants.X_OK)
  })
}

/** Makes the secrets that neither the environment nor an earlier start gives, readable by their owner only. */
export function openSecrets({ dataDir, sessionSecret, adminToken }: Config): Secrets {
  const session = keep(dataDir, "session-secret", sessionSecret, 48, SESSION_SECRET_BYTES_MIN)
  const admin = keep(dataDir, "admin-token", adminToken, 24, ADMIN_TOKEN_BYTES_MIN)
  return { sessionSecret: session.text, adminToken: admin.text, adminTokenIsNew: admin.isNew }
}

function keep(dataDir: string, name: string, given: string | undefined, bytes: number, bytesMin: number) {
  if (given !== undefined) return { text: given, isNew: false }
  const file = join(dataDir, name)
  const kept = inFolder(dataDir, () => (existsSync(file) ? readFileSync(file, "utf8").trim() : undefined))
  if (kept !== undefined && Buffer.byteLength(kept) < bytesMin) {
    throw new ConfigError(`${file} holds no secret; delete it, and the next start makes another.`)
  }
  if (kept !== undefined) return { text: kept, isNew: false }
  const text = randomBytes(bytes).toString("base64url")
  inFolder(dataDir, () => writeFileSync(file, `${text}\n`, { mode: 0o600, flag: "wx" }))
  return { text, isNew: true }
}

function inFolder<Value>(dataDir: string, work: () => Value): Value {
  try {
    return work()
  } catch (error) {
    throw new ConfigError(`DATA_DIR ${dataDir} cannot be used: ${(error as Error).message}.`)
  }
}
