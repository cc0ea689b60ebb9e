import { readFileSync } from "node:fs"
import { join } from "node:path"
import { type Command, Option } from "commander"
import { CliError } from "./cli-error.ts"

/** Where a running system is and how an administrator is known to it. */
export interface AdminFlags {
  url: string
  adminToken?: string
  dataDir: string
}

export function withAdminOptions(command: Command): Command {
  return command
    .option("--url <url>", "where the system runs", "http://localhost:8080")
    .addOption(new Option("--admin-token <token>", "else the file admin-token in --data-dir").env("ADMIN_TOKEN"))
    .addOption(new Option("--data-dir <dir>", "the system's data folder").env("DATA_DIR").default("./data"))
}

/** What was given, or what the embedded system wrote down at its first start. */
export function adminTokenOf({ adminToken, dataDir }: AdminFlags): string {
  if (adminToken) return adminToken
  const file = join(dataDir, "admin-token")
  try {
    return readFileSync(file, "utf8").trim()
  } catch {
    throw new CliError(`An admin token is needed: give --admin-token or set ADMIN_TOKEN (${file} cannot be read).`)
  }
}
