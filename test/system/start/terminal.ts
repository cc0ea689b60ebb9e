import { eventually } from "../../support/eventually.ts"

export const CTRL_C = "\x03"
export const CTRL_Z = "\x1a"

/** A command in a pseudo-terminal of its own, as its foreground job. */
export class Terminal {
  #text = ""
  readonly #child: Bun.Subprocess

  constructor(command: string[], options: { cwd?: string; env?: Record<string, string | undefined> } = {}) {
    const utf8 = new TextDecoder()
    this.#child = Bun.spawn(command, {
      env: process.env,
      ...options,
      terminal: {
        data: (_, bytes) => {
          this.#text += utf8.decode(bytes, { stream: true })
        },
      },
    })
  }

  /** Everything printed so far, without the echo of the input. */
  get printed(): string {
    return this.#text.replaceAll(/\^[CZ]/g, "")
  }

  get pid(): number {
    return this.#child.pid
  }

  get exited(): Promise<number> {
    return this.#child.exited
  }

  /** Resolves with the match as soon as the command has printed it. */
  prints(pattern: RegExp): Promise<RegExpExecArray> {
    return eventually(`it prints ${pattern}`, () => pattern.exec(this.printed) ?? undefined)
  }

  type(keys: string): void {
    this.#child.terminal?.write(keys)
  }

  close(): void {
    this.#child.terminal?.close()
  }
}
