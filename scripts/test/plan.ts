import { dirname } from "node:path"
import type { Durations } from "./durations.ts"
import { Job } from "./job.ts"

/** A file that takes longer runs in its own process; shorter ones share a process with others of their folder. */
const ALONE_FROM_MS = 3_000
/** A process of several short files ends about then, so that the last ones can be spread over all lanes. */
const TOGETHER_MAX_MS = 20_000
/** A file that was never timed, perhaps because it is new. */
const UNKNOWN_MS = 5_000

/**
 * What runs in a process of its own, the longest first: so all lanes end at about the same time. Durations are those of
 * an earlier run on another machine; only their order matters. Files that are `bare` run where there is no other program.
 */
export function jobsOf(
  files: readonly string[],
  durations: Pick<Durations, "of">,
  isBare: (file: string) => boolean,
): Job[] {
  const msOf = (file: string) => durations.of(file) ?? UNKNOWN_MS
  const jobs: { files: string[]; ms: number }[] = []
  const open = new Map<string, { files: string[]; ms: number }>()
  for (const file of files) {
    const ms = msOf(file)
    const place = `${dirname(file)} ${isBare(file)}`
    const together = open.get(place)
    if (ms >= ALONE_FROM_MS) {
      jobs.push({ files: [file], ms })
    } else if (together && together.ms + ms <= TOGETHER_MAX_MS) {
      together.files.push(file)
      together.ms += ms
    } else {
      const fresh = { files: [file], ms }
      open.set(place, fresh)
      jobs.push(fresh)
    }
  }
  jobs.sort((one, other) => other.ms - one.ms)
  return jobs.map(({ files }) => new Job(nameOf(files), files, files.every(isBare)))
}

function nameOf(files: readonly string[]): string {
  const [first = ""] = files
  if (files.length === 1) return first.replace(/^test\/|\.test\.ts$/g, "")
  return `${dirname(first).replace(/^test\//, "")} (${files.length} files)`
}
