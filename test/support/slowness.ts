const PROBE_CPU_MS = 30

/**
 * How many times longer work takes at this moment because other programs want the processors: 1 on a quiet machine.
 * A test that holds the system to a time multiplies it by this.
 */
export function slowness(): number {
  const before = process.cpuUsage()
  const started = performance.now()
  for (;;) {
    const { user, system } = process.cpuUsage(before)
    const cpuMs = (user + system) / 1000
    if (cpuMs >= PROBE_CPU_MS) return Math.max(1, (performance.now() - started) / cpuMs)
  }
}
