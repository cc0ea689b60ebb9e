import { randomBytes } from "node:crypto"
import {
  accessSync,
  chmodSync,
  constants,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  writeFileSync,
} from "node:fs"
import { join } from "node:path"
import { ADMIN_TOKEN_BYTES_MIN, type Config, ConfigError } from "../config/config.ts"
import { CUSTOMER_ID_SECRET_BYTES_MIN, SESSION_SECRET_BYTES_MIN } from "../config/customers.ts"

export interface Secrets {
  sessionSecret: string
  customerIdSecret: string
  adminToken: string
  /** True when this start made the token, so it has not been shown yet. */
  adminTokenIsNew: boolean
}

/** What this program writes into the data folder. */
const OWN_FILE = /^(doorbuster\.db|session-secret|customer-id-secret|admin-token|[a-z-]+\.jsonl?)/
/** For the owner alone. */
const FOLDER_MODE = 0o700
const FILE_MODE = 0o600

/**
 * Creates the data folder if it is missing, and checks that it can be written to. What is in it is for its owner alone: files
 * of an earlier release are tightened, and so is the folder unless it holds other things, too.
 */
export function openFolder({ dataDir }: Config): void {
  // SQLite gives its files the mode that the process allows.
  process.umask(0o077)
  inFolder(dataDir, () => {
    mkdirSync(dataDir, { recursive: true, mode: FOLDER_MODE })
    accessSync(dataDir, constants.W_OK | constants.X_OK)
    const names = readdirSync(dataDir)
    const own = names.filter(name => OWN_FILE.test(name)).map(name => join(dataDir, name))
    if (own.length === names.length) tighten(dataDir, FOLDER_MODE)
    for (const path of own) if (lstatSync(path).isFile()) tighten(path, FILE_MODE)
  })
}

/** Another user's file keeps its mode: only its owner may change it. */
function tighten(path: string, mode: number): void {
  const { mode: before, uid } = statSync(path)
  if ((before & 0o077) !== 0 && uid === process.getuid?.()) chmodSync(path, mode)
}

/** The secrets: from the settings, else from the data folder, else new ones, kept there for their owner alone. */
export function openSecrets({ dataDir, sessionSecret, customers, adminToken }: Config): Secrets {
  const session = openSecret(dataDir, "session-secret", sessionSecret, 48, SESSION_SECRET_BYTES_MIN)
  const given = customers.customerIdSecret
  const customerId = openSecret(dataDir, "customer-id-secret", given, 48, CUSTOMER_ID_SECRET_BYTES_MIN)
  const admin = openSecret(dataDir, "admin-token", adminToken, 24, ADMIN_TOKEN_BYTES_MIN)
  return {
    sessionSecret: session.text,
    customerIdSecret: customerId.text,
    adminToken: admin.text,
    adminTokenIsNew: admin.isNew,
  }
}

function openSecret(dataDir: string, name: string, given: string | undefined, bytes: number, bytesMin: number) {
  if (given !== undefined) return { text: given, isNew: false }
  const file = join(dataDir, name)
  const kept = inFolder(dataDir, () => (existsSync(file) ? readFileSync(file, "utf8").trim() : undefined))
  if (kept !== undefined && Buffer.byteLength(kept) < bytesMin) {
    throw new ConfigError(`${file} holds no secret; delete it, and the next start will make one.`)
  }
  if (kept !== undefined) return { text: kept, isNew: false }
  const text = randomBytes(bytes).toString("base64url")
  inFolder(dataDir, () => {
    // Renamed when it is whole, so that a crash leaves no empty secret.
    writeFileSync(`${file}.next`, `${text}\n`, { mode: 0o600 })
    renameSync(`${file}.next`, file)
  })
  return { text, isNew: true }
}

function inFolder<Value>(dataDir: string, work: () => Value): Value {
  try {
    return work()
  } catch (error) {
    throw new ConfigError(`DATA_DIR ${dataDir} cannot be used: ${(error as Error).message}.`)
  }
}
