#!/usr/bin/env node
// `npm run help`: the commands of package.json in groups. Plain Node, so that it answers before anything is installed.

/** A command as a user types it, and what it does. A test compares them with the scripts of package.json. */
const GROUPS = {
  Run: [
    ["npm start", "the embedded system: supervisor, replicas, one SQLite file"],
    ["npm run sale", "list, create, open, pause and restock sales"],
    ["npm run build", "one file, dist/doorbuster, that needs nothing else"],
  ],
  "Try to break it": [
    ["npm run attack", "500 bots that buy from a running system"],
    ["npm run chaos", "the same, while replicas are killed"],
    ["npm run audit", "the proof: adds up the journal with independent code"],
  ],
  "Demonstrations on the full stack (Docker)": [
    ["npm run demo:balance", "thirty buyers, one after the other, on every node"],
    ["npm run demo:stress", "500 bots for 100 units"],
    ["npm run demo:chaos", "a replica is killed under load"],
  ],
  Develop: [
    ["npm test", "all tests, or those that you name: npm test -- test/http/limits.test.ts"],
    ["npm run check", "format, types, lint, dead code, fast tests"],
    ["npm run night", "the random, crash and trial suites at their night size, for hours"],
    ["npm run dashboards", "writes the Grafana board from its code"],
    ["npm run pictures", "takes the README's pictures"],
    ["npm run help", "this list"],
  ],
  Measure: [
    ["npm run bench", "the benchmark, beside the baseline"],
    ["npm run plan", "what a launch of your size needs, from measured costs"],
    ["npm run bench:store", "the Redis functions alone, and memory per order"],
  ],
}

const USAGE = `Usage: npm run help

Lists the commands of this project. Each has --help: npm run attack -- --help. In a clone, npx doorbuster is the program.

Example:
  npm run help`

const isHelp = process.argv.slice(2).some(word => word === "--help" || word === "-h")
const width = Math.max(...Object.values(GROUPS).flatMap(rows => rows.map(([command]) => command.length))) + 2
const groups = Object.entries(GROUPS).map(
  ([name, rows]) => `${name}\n${rows.map(([command, does]) => `  ${command.padEnd(width)}${does}`).join("\n")}\n`,
)
console.log(isHelp ? USAGE : `${groups.join("\n")}\nEach has --help, with an example: npm run attack -- --help`)
