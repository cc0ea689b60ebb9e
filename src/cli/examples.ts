/** How users type the command: in a clone through npx; a compiled program, which Bun unpacks to /$bunfs, by itself. */
export const INVOCATION = process.argv[1]?.startsWith("/$bunfs/") ? "doorbuster" : "npx doorbuster"

/** One example: what it does and its arguments, with settings for the environment in front of them if it needs any. */
export type Example = [what: string, args: string, settings?: string]

/** The part of a help text that shows examples. Each command can be pasted as it stands. */
export function exampleText(examples: readonly Example[]): string {
  const lines = examples.flatMap(([what, args, settings]) => [
    `  ${what}:`,
    `    ${[settings, INVOCATION, args].filter(Boolean).join(" ")}`,
  ])
  return [examples.length === 1 ? "Example:" : "Examples:", ...lines].join("\n")
}
