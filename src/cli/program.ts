import { Command } from "commander"
import packageJson from "../../package.json" with { type: "json" }
import { attackCommand } from "./attack/command.ts"
import { auditCommand } from "./audit/command.ts"
import { chaosCommand } from "./chaos/command.ts"
import { backendCommand, operatorCommand } from "./credential/command.ts"
import { exampleText, refuseEmpty } from "./options.ts"
import { planCommand } from "./plan/command.ts"
import { saleCommand } from "./sale/command.ts"

export interface RoleFlags {
  /** Run as a child process that is replaced when it ends by itself or hangs. */
  keep?: true
}

export interface UpFlags {
  /** The data folder is a copy that takes the place of its original. */
  adopt?: true
}

/** The long-running roles, which `main` provides, and the settings that their help shows. */
export interface Roles {
  up(flags: UpFlags): Promise<void>
  serve(flags: RoleFlags): Promise<void>
  worker(flags: RoleFlags): Promise<void>
  settings(role: "up" | "serve" | "worker"): [name: string, fallback: string, meaning: string][]
  settingsNote: string[]
}

const KEEP = "replace the process when it ends by itself or hangs, until it is told to stop"
const STACK_SETTINGS = "INVENTORY_URL=redis://localhost LEDGER_URL=postgres://me@localhost/doorbuster"

/** The whole command line. */
export function program({ up, serve, worker, settings, settingsNote }: Roles): Command {
  const help = (what: string, role: "up" | "serve" | "worker", env: string): string => {
    return `\n${settingsText(settings(role), settingsNote)}\n\n${exampleText([[what, role, env]])}`
  }
  return new Command("doorbuster")
    .description("A flash-sale system that sells every unit exactly once, and proves it afterwards.")
    .version(packageJson.version, "--version", "print the version")
    .hook("preAction", (_, command) => refuseEmpty(command))
    .showHelpAfterError("(doorbuster --help shows every command)")
    .addCommand(
      new Command("up")
        .description("Run the embedded system: a supervisor, its replicas and one SQLite file.")
        .addHelpText("after", help("Run two replicas on port 9000", "up", "PORT=9000 REPLICAS=2"))
        .allowExcessArguments()
        // As the default command, this receives every word that is not a command.
        .option("--adopt", "start a copy of another system's data folder, whose original will never run again")
        .action((flags: UpFlags, command: Command) =>
          command.args[0] === undefined ? up(flags) : refuse(command, command.args[0]),
        ),
      { isDefault: true },
    )
    .addCommand(
      new Command("serve")
        .description("Run one replica of the stack, which uses Redis and PostgreSQL.")
        .option("--keep", KEEP)
        .addHelpText("after", help("Run a replica", "serve", STACK_SETTINGS))
        .action(serve),
    )
    .addCommand(
      new Command("worker")
        .description("Run the stack's worker: it drains the journal into the ledger, ends holds, and opens the gate.")
        .option("--keep", KEEP)
        .addHelpText("after", help("Run a worker", "worker", STACK_SETTINGS))
        .action(worker),
    )
    .addCommand(saleCommand())
    .addCommand(operatorCommand())
    .addCommand(backendCommand())
    .addCommand(attackCommand())
    .addCommand(chaosCommand())
    .addCommand(auditCommand())
    .addCommand(planCommand())
    .addHelpText(
      "after",
      `\n${exampleText([
        ["Start the embedded system", "up"],
        ["Send 500 bots, in another terminal", "attack --buyers 500"],
      ])}`,
    )
}

function settingsText(settings: ReturnType<Roles["settings"]>, note: readonly string[]): string {
  const width = Math.max(...settings.map(([name]) => name.length)) + 2
  const lines = settings.map(([name, fallback, meaning]) => `  ${name.padEnd(width)}${meaning} (${fallback})`)
  return ["Settings, from the environment:", ...lines, "", ...note].join("\n")
}

function refuse(command: Command, name: string): never {
  return command.error(`doorbuster: There is no command ${JSON.stringify(name)}; doorbuster --help shows all commands.`)
}
