import { Command } from "commander"
import { exampleText, INVOCATION, withAdminOptions } from "../options.ts"
import type { AuditFlags } from "./run.ts"

const EXAMPLES = exampleText([
  ["Audit every sale", "audit"],
  [
    "Let bots buy and record what they are told, then compare that with the journal and the ledger",
    `attack --history told.jsonl && ${INVOCATION} audit --history told.jsonl`,
  ],
  ["Audit one sale, with JSON as output", "audit --sale iphone-17-pro-max --json"],
  ["Audit a restored backup against the head that the proof page showed", "audit --sale shoes --head 103:4f0c…"],
  ["Audit the file of a system that is not running", "audit --data ./data"],
])

export function auditCommand(): Command {
  return withAdminOptions(new Command("audit"))
    .description("Prove or refute the promises: add up the journal independently, and compare it with everything else.")
    .option("--sale <id>", "audit one sale (default: every sale)")
    .option("--history <file>", "what the bots asked and were told, as written by attack --history")
    .option("--history-complete", "the history has every request to its sales, so an order without one is an error")
    .option("--data <dir>", "read doorbuster.db in this folder instead of a running system")
    .option("--head <seq:hash>", "a head of the sale that was published: the journal must still have it")
    .option("--json", "print the report as JSON")
    .addHelpText("after", `\n${EXAMPLES}\n\nThe exit code is 1, with one line per violation, if a promise is broken.`)
    .action(async (flags: AuditFlags, command: Command) => {
      const { runAudit } = await import("./run.ts")
      await runAudit(flags, command)
    })
}
