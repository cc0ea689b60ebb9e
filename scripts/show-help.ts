/** Prints `text` and ends the process when a script was started with `--help` or `-h`. */
export function showHelp(text: string): void {
  if (!process.argv.slice(2).some(word => word === "--help" || word === "-h")) return
  console.log(text)
  process.exit(0)
}
