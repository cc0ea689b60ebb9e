/**
 * Prints the signals that it gets. It ends a second after the first one, as a command does that has a report to write;
 * with `stubborn` it never ends by itself.
 */
const END_AFTER_MS = 1000
const isStubborn = process.argv[2] === "stubborn"
let signals = 0

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
  process.on(signal, () => {
    console.log(signal)
    signals++
    if (signals === 1 && !isStubborn) setTimeout(() => process.exit(7), END_AFTER_MS)
  })
}
setInterval(() => {}, END_AFTER_MS)
console.log(`ready ${process.pid}`)
