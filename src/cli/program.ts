import { Command } from "commander"
import { attackCommand } from "./attack/command.ts"
import { auditCommand } from "./audit/command.ts"
import { chaosCommand } from "./chaos/command.ts"
import { saleCommand } from "./sale/command.ts"

/** `keep`: the process is a child that is replaced whenever it ends by itself. */
export interface Keep {
  keep?: true
}

/** The roles of the program; `main` knows how to play them. */
export interface Roles {
  up(): Promise<void>
  serve(flags: Keep): Promise<void>
  worker(flags: Keep): Promise<void>
  settings: [name: string, fallback: string, meaning: string][]
  settingsNote: string[]
}

const KEEP = "replace the process whenever it ends by itself or hangs, until told to stop"
const STACK_EXAMPLE = "Example:\n  INVENTORY_URL=redis://localhost LEDGER_URL=postgres://me@localhost/doorbuster"

/** The whole command line. */
export function program({ up, serve, worker, settings, settingsNote }: Roles): Command {
  const width = Math.max(...settings.map(([name]) => name.length)) + 2
  const lines = settings.map(([name, fallback, meaning]) => `  ${name.padEnd(width)}${meaning} (${fallback})`)
  const help = `\nSettings, from the environment:\n${[...lines, "", ...settingsNote].join("\n")}\n`
  return new Command("doorbuster")
    .description("A flash-sale system that sells every unit exactly once, and proves it afterwards.")
    .showHelpAfterError("(doorbuster --help shows every command)")
    .addCommand(
      new Command("up")
        .description("Run the embedded system: a supervisor, its replicas and one SQLite file.")
        .addHelpText("after", `${help}\nExample:\n  PORT=9000 REPLICAS=2 doorbuster up`)
        .allowExcessArguments()
        // Being the default, it is given whatever is no other command.
        .action((_, command: Command) => (command.args[0] === undefined ? up() : refuse(command, command.args[0]))),
      { isDefault: true },
    )
    .addCommand(
      new Command("serve")
        .description("Run one replica of the stack, with its Redis and its PostgreSQL.")
        .option("--keep", KEEP)
        .addHelpText("after", `${help}\n${STACK_EXAMPLE} doorbuster serve`)
        .action(serve),
    )
    .addCommand(
      new Command("worker")
        .description("Run the stack's worker: it drains the journal into the ledger, ends holds, and opens the gate.")
        .option("--keep", KEEP)
        .addHelpText("after", `${help}\n${STACK_EXAMPLE} doorbuster worker`)
        .action(worker),
    )
    .addCommand(saleCommand())
    .addCommand(attackCommand())
    .addCommand(chaosCommand())
    .addCommand(auditCommand())
    .addHelpText("after", "\nExample:\n  doorbuster up\n  doorbuster attack --buyers 500")
}

function refuse(command: Command, name: string): never {
  return command.error(`doorbuster: There is no command ${JSON.stringify(name)}; doorbuster --help shows every one.`)
}
