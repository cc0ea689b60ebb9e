import { writeSync } from "node:fs"

const STDOUT = 1
/** The reader of a pipe is gone, or a terminal is. Unlike a full disk, neither comes back. */
const GONE = ["EPIPE", "EIO"]

/** Prints `text`, or throws one sentence if it cannot be written at all. */
export function printOrThrow(text: string): void {
  try {
    writeSync(STDOUT, `${text}\n`)
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    // A pipe whose reader is slow takes the text later.
    if (code === "EAGAIN") console.log(text)
    else throw new Error(`The output cannot be written (${message}); send it to a terminal or a file that can be.`)
  }
}

/** Calls `gone` when a write finds that nobody can read the output any more. Other failed writes end nothing. */
export function watchOutput(gone: () => void): void {
  process.stdout.on("error", ({ code = "" }: NodeJS.ErrnoException) => {
    if (GONE.includes(code)) gone()
  })
}

/** Does `write`, which writes to standard output. An error of it goes to whoever watches the output. */
export function tryToWrite(write: () => void): void {
  try {
    write()
  } catch (error) {
    process.stdout.emit("error", error)
  }
}
