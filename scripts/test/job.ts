import { join } from "node:path"
import { bareEnvironment } from "../../test/support/bare.ts"
import { Place } from "../../test/support/place.ts"
import { Output } from "./output.ts"
import { ROOT } from "./selection.ts"

/** A job that takes longer hangs: the longest file takes a tenth of this. */
const HANGS_AFTER_MS = process.env.TEST_EFFORT === "night" ? 12 * 3_600_000 : 20 * 60_000

/** Test files that run one after the other in one process. */
export class Job {
  readonly output = new Output(() => performance.now())
  /** What its tests had left behind when they ended. */
  left: string[] = []
  ms = 0
  #since: number | undefined
  #child: Bun.Subprocess | undefined

  constructor(
    readonly name: string,
    readonly files: readonly string[],
    /** Its tests find no program but Node and npm. */
    readonly isBare = false,
  ) {}

  get runningMs(): number {
    return this.#since === undefined ? 0 : performance.now() - this.#since
  }

  async run(flags: readonly string[] = [], echo?: (chunk: string) => void): Promise<void> {
    this.#since = performance.now()
    const place = new Place()
    const child = Bun.spawn([process.execPath, "test", ...flags, ...this.files.map(file => `./${file}`)], {
      cwd: ROOT,
      stdio: ["ignore", "pipe", "pipe"],
      env: {
        ...process.env,
        ...place.env,
        ...(this.isBare && bareEnvironment(join(place.folder, "bare"))),
        ...(echo && process.stdout.isTTY ? { FORCE_COLOR: "1" } : NO_COLOR),
      },
    })
    this.#child = child
    const timer = setTimeout(() => child.kill("SIGKILL"), HANGS_AFTER_MS)
    await Promise.all([child.stdout, child.stderr].map(stream => this.#collect(stream, echo)))
    await child.exited
    clearTimeout(timer)
    this.output.end(child.signalCode ?? child.exitCode ?? 1)
    this.left = await place.clear()
    this.ms = this.runningMs
  }

  /** Ends its tests; `run` then clears up after them. */
  stop(): void {
    this.#child?.kill("SIGKILL")
  }

  async #collect(stream: ReadableStream<Uint8Array>, echo?: (chunk: string) => void): Promise<void> {
    const utf8 = new TextDecoder()
    for await (const bytes of stream) {
      const chunk = utf8.decode(bytes, { stream: true })
      this.output.read(chunk)
      echo?.(chunk)
    }
  }
}

const NO_COLOR = { FORCE_COLOR: "0", NO_COLOR: "1" }
