import type { Command } from "commander"
import * as wire from "../../wire/wire.ts"
import { AdminClient } from "../admin-client.ts"
import { CliError, reportErrors } from "../cli-error.ts"
import type { AdminFlags } from "../options.ts"
import { columns } from "../terminal.ts"
import type { CredentialKind } from "./kind.ts"

const PATH = "/admin/credentials"

/** What each subcommand of `operator` and `backend` does: it sends a request and prints the result. Errors are `CliError`s. */
class CredentialActions {
  constructor(
    private readonly client: AdminClient,
    private readonly kind: CredentialKind,
    private readonly out: { write(text: string): unknown },
  ) {}

  async add(asked: { name: string; role?: wire.Role | undefined; scopes?: wire.Scope[] | undefined }): Promise<void> {
    const { success, data, error } = wire.NewCredential.safeParse(asked)
    if (!success) throw new CliError(`The name ${JSON.stringify(asked.name)} ${error.issues[0]?.message}.`)
    const { name, token } = await this.client.call("POST", PATH, wire.MadeCredential, data)
    this.#say(`The token of ${name}, which is shown only now:`)
    this.#say(token)
  }

  async list(): Promise<void> {
    const shown = (await this.#all()).map(({ name, role, scopes = [], createdAt, createdBy }) => {
      return [name, `${role ?? scopes.join(" ")}, made ${createdAt} by ${createdBy}`] as const
    })
    const { name, plural } = this.kind
    if (shown.length > 0) this.#say(columns(shown).join("\n"))
    else this.#say(`There are no ${plural} yet. Make one with: doorbuster ${name} add`)
  }

  async revoke(name: string): Promise<void> {
    if (!(await this.#all()).some(one => one.name === name)) {
      throw new CliError(`There is no ${this.kind.name} ${JSON.stringify(name)}.`)
    }
    await this.client.call("DELETE", `${PATH}/${encodeURIComponent(name)}`, wire.CredentialList)
    this.#say(`${name} is revoked.`)
  }

  /** Those of this kind. */
  async #all(): Promise<wire.Credential[]> {
    const { credentials } = await this.client.call("GET", PATH, wire.CredentialList)
    return credentials.filter(({ role }) => (this.kind.name === "operator") === (role !== undefined))
  }

  #say(line: string): void {
    this.out.write(`${line}\n`)
  }
}

/** Runs an action with the options of `command`. An error is printed as one sentence. */
export async function withCredentialActions(
  command: Command,
  kind: CredentialKind,
  run: (actions: CredentialActions) => Promise<void>,
): Promise<void> {
  await reportErrors(command, () =>
    run(new CredentialActions(new AdminClient(command.opts<AdminFlags>()), kind, process.stdout)),
  )
}
