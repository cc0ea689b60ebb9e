import { closeSync, existsSync, openSync, readFileSync } from "node:fs"

/** A program that a test runs beside itself. Its output goes to a file, so that it outlives every crash. */
export class Server {
  #child: Bun.Subprocess | undefined

  constructor(
    readonly name: string,
    private readonly command: string[],
    private readonly logFile: string,
    private readonly env: Record<string, string | undefined> = process.env,
  ) {}

  start(): void {
    const log = openSync(this.logFile, "a")
    this.#child = Bun.spawn(this.command, { env: this.env, stdio: ["ignore", log, log] })
    closeSync(log)
  }

  get pid(): number {
    return this.#child!.pid
  }

  get isRunning(): boolean {
    return this.#child !== undefined && this.#child.exitCode === null && this.#child.signalCode === null
  }

  /** In order; resolves with the exit code. */
  async stop(signal: NodeJS.Signals = "SIGTERM"): Promise<number> {
    this.#child?.kill(signal)
    return this.#child?.exited ?? 0
  }

  async kill(): Promise<void> {
    await this.stop("SIGKILL")
  }

  /** Everything printed so far. */
  get log(): string {
    return existsSync(this.logFile) ? readFileSync(this.logFile, "utf8") : ""
  }
}
