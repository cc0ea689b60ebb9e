import { readFileSync } from "node:fs"
import { join } from "node:path"
import { type Command, Option } from "commander"
import { CliError } from "./cli-error.ts"

/** Where a running system is, and how an administrator proves who they are. */
export interface AdminFlags {
  url: string
  adminToken?: string | undefined
  dataDir: string
}

export function withAdminOptions(command: Command): Command {
  return command
    .option("--url <url>", "where the system runs", "http://localhost:8080")
    .addOption(new Option("--admin-token <token>", "default: the file admin-token in --data-dir").env("ADMIN_TOKEN"))
    .addOption(new Option("--data-dir <dir>", "the system's data folder").env("DATA_DIR").default("./data"))
}

/** The token from the options, or the one that the embedded system saved at its first start. Throws `CliError`. */
export function adminTokenOf({ adminToken, dataDir }: AdminFlags): string {
  if (adminToken) return adminToken
  const file = join(dataDir, "admin-token")
  try {
    return readFileSync(file, "utf8").trim()
  } catch {
    throw new CliError(`An admin token is needed: give --admin-token or set ADMIN_TOKEN (${file} cannot be read).`)
  }
}
