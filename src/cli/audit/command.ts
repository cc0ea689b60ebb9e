import { Command } from "commander"
import { type AdminFlags, withAdminOptions } from "../admin-options.ts"

const EXAMPLES = `
Examples:
  doorbuster attack --history attack.jsonl
  doorbuster audit --history attack.jsonl     what buyers were told, against journal and ledger
  doorbuster audit --sale shoes --json        one sale, for machines
  doorbuster audit --data ./data              the file of a system that is not running

Exit code 1 and one line per violation if a promise is broken.`

export interface AuditFlags extends AdminFlags {
  sale?: string
  history?: string
  historyComplete?: true
  data?: string
  json?: true
}

export function auditCommand(): Command {
  return withAdminOptions(new Command("audit"))
    .description("Prove or refute the promises: adds up the journal by itself and compares it with all else.")
    .option("--sale <id>", "one sale (every sale)")
    .option("--history <file>", "what the bots asked and were told, written by attack --history")
    .option("--history-complete", "the history has every request that its sales ever got: others are phantoms")
    .option("--data <dir>", "read doorbuster.db in this folder instead of a running system")
    .option("--json", "print the report as JSON")
    .addHelpText("after", EXAMPLES)
    .action(async (flags: AuditFlags, command: Command) => {
      const { runAudit } = await import("./run.ts")
      await runAudit(flags, command)
    })
}
