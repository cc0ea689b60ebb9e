import type { Command } from "commander"

/** Something that the person at the terminal can put right; its message is one sentence for them. */
export class CliError extends Error {
  override name = "CliError"
}

/** Runs a command; an error meant for people ends it with its sentence and exit code 1. */
export async function reportErrors(command: Command, work: () => Promise<void>): Promise<void> {
  try {
    await work()
  } catch (error) {
    if (error instanceof CliError) command.error(error.message)
    throw error
  }
}
