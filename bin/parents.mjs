// Who started this command. Plain Node.
import { readText } from "./packages.mjs"

/**
 * Returns a function that tells whether npm, which started this command, has ended. npm runs a script in a shell. One that
 * steps aside makes npm the parent; one that stays lives on when npm is killed, and so it is npm itself that is watched where
 * the kernel tells who that is.
 */
export function watchNpm() {
  const parent = process.ppid
  const script = process.env.npm_lifecycle_script || undefined
  const shell = script && readText(`/proc/${parent}/cmdline`).includes(script) ? parent : undefined
  const npm = shell ? statOf(shell).parent : parent
  // A shell whose npm ended before this line belongs to another session's process by now.
  const isLate = shell !== undefined && statOf(npm).session !== statOf(shell).session
  return () => isLate || process.ppid !== parent || (shell !== undefined && statOf(shell).parent !== npm)
}

/** What the kernel tells of a process; undefined members where it does not. */
function statOf(pid) {
  const [, parent, , session] = readText(`/proc/${pid}/stat`).split(") ").pop().split(" ")
  return { parent, session }
}
