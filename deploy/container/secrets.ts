import { randomBytes } from "node:crypto"
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { storeUsers } from "./store-access.ts"

/**
 * Runs once, before the other containers: writes each secret into the volumes of the containers that need it. A secret from the
 * environment is used; otherwise one that exists is kept, and one that is missing is generated.
 */
interface Secret {
  name: string
  file: string
  bytes: number
  /** 0400: only processes that run as this container's user can read it. 0444: every container that mounts the volume. */
  mode: number
}

const FOLDER = process.env.SECRETS_DIR ?? "/secrets"
const SECRETS: Secret[] = [
  { name: "SESSION_SECRET", file: "app/session-secret", bytes: 48, mode: 0o400 },
  { name: "CUSTOMER_ID_SECRET", file: "app/customer-id-secret", bytes: 48, mode: 0o400 },
  { name: "ADMIN_TOKEN", file: "app/admin-token", bytes: 24, mode: 0o400 },
  { name: "INVENTORY_PASSWORD", file: "store/password", bytes: 32, mode: 0o444 },
  { name: "INVENTORY_ADMIN_PASSWORD", file: "store-admin/password", bytes: 32, mode: 0o444 },
  { name: "LEDGER_PASSWORD", file: "ledger/password", bytes: 32, mode: 0o444 },
  { name: "GRAFANA_PASSWORD", file: "grafana/password", bytes: 18, mode: 0o444 },
]

const made = new Set<string>()
for (const secret of SECRETS) keep(secret)
const store = { password: read("store/password"), adminPassword: read("store-admin/password") }
write(join(FOLDER, "store-admin/users.conf"), storeUsers(store), 0o444)
if (made.has("ADMIN_TOKEN")) {
  console.log(`Admin token for the control room, shown this once: ${read("app/admin-token")}`)
  console.log("Read it again with: docker compose exec web cat /secrets/app/admin-token")
}
console.log(made.size > 0 ? `Made ${[...made].join(", ")}.` : "All secrets exist already.")

function keep({ name, file, bytes, mode }: Secret): void {
  const given = process.env[name]
  const path = join(FOLDER, file)
  if (!given && existsSync(path)) return
  if (given && !/^[\x21\x23-\x5b\x5d-\x7e]+$/.test(given)) {
    console.error(`${name} must consist of printable ASCII characters without spaces, quotation marks or backslashes.`)
    process.exit(1)
  }
  if (!given) made.add(name)
  write(path, `${given || randomBytes(bytes).toString("base64url")}\n`, mode)
}

function read(file: string): string {
  return readFileSync(join(FOLDER, file), "utf8").trim()
}

/** Replaces the file atomically, so that a crash leaves the old one or the new one. */
function write(path: string, text: string, mode: number): void {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(`${path}.next`, text, { mode })
  renameSync(`${path}.next`, path)
}
