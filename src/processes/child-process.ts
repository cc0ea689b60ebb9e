import { constants } from "node:os"

/** A child with a message channel. `Out` is what it is sent. */
export interface ChildProcess<Out = unknown> {
  send(message: Out): void
  /** Absent when it could not be started. */
  pid?: number
  /** Resolves with why it ended. */
  exited: Promise<string>
  /** As a shell tells it: 128 and the signal's number when it was killed. Undefined while it runs. */
  exitCode(): number | undefined
  kill(signal: NodeJS.Signals): void
}

/** Starts `command` with a message channel to this process. Output goes where ours goes. */
export function startProcess<Out, In>(
  command: string[],
  env: Record<string, string | undefined>,
  receive: (message: In) => void,
): ChildProcess<Out> {
  try {
    return watched(spawn(command, env, receive))
  } catch (error) {
    const exited = Promise.resolve(`could not be started: ${(error as Error).message}`)
    return { exited, exitCode: () => 1, send() {}, kill() {} }
  }
}

function spawn<In>(
  command: string[],
  env: Record<string, string | undefined>,
  receive: (message: In) => void,
): Bun.Subprocess {
  return Bun.spawn(command, {
    env,
    stdio: ["ignore", "inherit", "inherit"],
    serialization: "json",
    ipc: message => receive(message as In),
  })
}

function watched<Out>(child: Bun.Subprocess): ChildProcess<Out> {
  let alive = true
  const exited = child.exited.then(code => {
    alive = false
    return child.signalCode ? `killed by ${child.signalCode}` : `exit code ${code}`
  })
  return {
    pid: child.pid,
    exited,
    exitCode: () => codeOf(child),
    send(message) {
      if (!alive) return
      try {
        child.send(message)
      } catch {
        // The channel closes a moment before the exit is known: such a process hears nothing more; its exit says the rest.
        alive = false
      }
    },
    kill: signal => child.kill(signal),
  }
}

function codeOf({ exitCode, signalCode }: Bun.Subprocess): number | undefined {
  return signalCode ? 128 + (constants.signals[signalCode as NodeJS.Signals] ?? 0) : (exitCode ?? undefined)
}
