import { Command } from "commander"
import { attackCommand } from "./attack/command.ts"
import { auditCommand } from "./audit/command.ts"
import { chaosCommand } from "./chaos/command.ts"
import { saleCommand } from "./sale/command.ts"

/** What the two roles of the program are called with; `main` knows how to play them. */
export interface Roles {
  up(): Promise<void>
  serve(): Promise<void>
  settings: [name: string, fallback: string, meaning: string][]
  settingsNote: string[]
}

/** The whole command line. */
export function program({ up, serve, settings, settingsNote }: Roles): Command {
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
        .description("Run one replica; a supervisor starts it.")
        .addHelpText("after", `${help}\nExample:\n  doorbuster up      starts three of them`)
        .action(serve),
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
