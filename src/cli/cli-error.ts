import type { Command } from "commander"

/** A problem that the user can solve. Its message is one sentence for them. */
export class CliError extends Error {
  override name = "CliError"
}

/** Runs a command. A `CliError` is printed as its sentence and ends the process with exit code 1. */
export async function reportErrors(command: Command, work: () => Promise<void>): Promise<void> {
  try {
    await work()
  } catch (error) {
    if (error instanceof CliError) command.error(error.message)
    throw error
  }
}

/** The message of anything that was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
