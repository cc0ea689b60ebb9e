import { Command, Option } from "commander"
import type { Role, Scope } from "../../wire/wire.ts"
import { type Example, exampleText, withAdminOptions } from "../options.ts"
import type { CredentialKind } from "./kind.ts"

const ROLES: Role[] = ["viewer", "operator", "owner"]
const SCOPES: Scope[] = ["orders:read", "orders:write", "sessions:mint", "sales:steer"]
const OPERATOR: CredentialKind = { name: "operator", plural: "operators" }
const BACKEND: CredentialKind = { name: "backend", plural: "backends" }

/** `doorbuster operator`: an owner makes, lists and revokes the people who run the system. */
export function operatorCommand(): Command {
  const add = withAdminOptions(new Command("add"))
    .description("Make an operator with a token of their own, which is printed once.")
    .argument("<name>", "1 to 64 of A-Z a-z 0-9 _ -; the logbook shows it")
    .addOption(
      new Option("--role <role>", "viewer: look; operator: also steer sales and orders; owner: also make operators")
        .choices(ROLES)
        .makeOptionMandatory(),
    )
  return kindCommand(OPERATOR, "Make, list and revoke the people who run the system.", add, {
    add: ["Let Ann steer sales", "operator add ann --role operator"],
    revoke: ["Ann has left", "operator revoke ann"],
    list: ["List all operators", "operator list"],
  })
}

/** `doorbuster backend`: an owner makes, lists and revokes what a shop's own servers use. */
export function backendCommand(): Command {
  const add = withAdminOptions(new Command("add"))
    .description("Make a token for a shop's own server, which is printed once.")
    .argument("<name>", "1 to 64 of A-Z a-z 0-9 _ -; the logbook shows it")
    .addOption(new Option("--scope <scope...>", "what it may do; one or more").choices(SCOPES).makeOptionMandatory())
  return kindCommand(BACKEND, "Make, list and revoke the tokens of a shop's own servers.", add, {
    add: ["Let the payment service settle orders", "backend add payments --scope orders:read orders:write"],
    revoke: ["The token was lost", "backend revoke payments"],
    list: ["List all backends", "backend list"],
  })
}

type Examples = Record<"add" | "list" | "revoke", Example>

function kindCommand(kind: CredentialKind, description: string, add: Command, examples: Examples): Command {
  const list = withAdminOptions(new Command("list")).description(`List all ${kind.plural}, without their tokens.`)
  const revoke = withAdminOptions(new Command("revoke"))
    .description("Revoke a token at once, and the sessions that were opened with it.")
    .argument("<name>")
  add.action(async (name: string, { role, scope }: { role?: Role; scope?: Scope[] }) => {
    const { withCredentialActions } = await import("./actions.ts")
    await withCredentialActions(add, kind, actions => actions.add({ name, role, scopes: scope }))
  })
  list.action(async () => {
    const { withCredentialActions } = await import("./actions.ts")
    await withCredentialActions(list, kind, actions => actions.list())
  })
  revoke.action(async (name: string) => {
    const { withCredentialActions } = await import("./actions.ts")
    await withCredentialActions(revoke, kind, actions => actions.revoke(name))
  })
  const command = new Command(kind.name).description(description)
  for (const [name, one] of Object.entries({ add, list, revoke })) {
    command.addCommand(one.addHelpText("after", `\n${exampleText([examples[name as keyof Examples]])}`))
  }
  return command.addHelpText("after", `\n${exampleText(Object.values(examples))}`)
}
