import { resolve } from "node:path"

const ROOT = resolve(import.meta.dir, "../..")

export interface GroupEnd {
  code: number
  /** Everything printed, in order of arrival. */
  output: string
}

/**
 * A program in a process group of its own, as a shell starts it. A signal reaches every process of the group, as Ctrl-C
 * in a terminal does.
 */
export class ProcessGroup implements AsyncDisposable {
  readonly #child: Bun.Subprocess<"ignore", "pipe", "pipe">
  readonly #read: Promise<unknown>
  #output = ""

  constructor(command: string[], env: Record<string, string> = {}) {
    const stdio: ["ignore", "pipe", "pipe"] = ["ignore", "pipe", "pipe"]
    this.#child = Bun.spawn(command, { cwd: ROOT, env: { ...process.env, ...env }, stdio, detached: true })
    this.#read = Promise.all([this.#collect(this.#child.stdout), this.#collect(this.#child.stderr)])
  }

  /** Runs a command of the project's own, through its launcher. */
  static doorbuster(args: string[], env: Record<string, string> = {}): ProcessGroup {
    return new ProcessGroup(["node", "bin/doorbuster.mjs", ...args], env)
  }

  get output(): string {
    return this.#output
  }

  get hasEnded(): boolean {
    return this.#child.exitCode !== null || this.#child.signalCode !== null
  }

  /** Sends a signal to every process of the group. */
  signal(name: NodeJS.Signals): void {
    try {
      process.kill(-this.#child.pid, name)
    } catch (error) {
      // The group is gone already.
      if ((error as { code?: string }).code !== "ESRCH") throw error
    }
  }

  async ended(): Promise<GroupEnd> {
    const code = await this.#child.exited
    await this.#read
    return { code, output: this.#output }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.signal("SIGKILL")
    await this.#child.exited
  }

  async #collect(stream: ReadableStream<Uint8Array>): Promise<void> {
    const utf8 = new TextDecoder()
    for await (const chunk of stream) this.#output += utf8.decode(chunk, { stream: true })
  }
}
