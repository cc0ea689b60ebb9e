import { afterAll } from "bun:test"
import { plugin } from "bun"
import { Place } from "./place.ts"

/** The default limit of a test. Bun's own five seconds are too short for a test that starts a system. */
const TIMEOUT_MS = 120_000

// Bun has no setting for it, and a preload that sets it reaches the first file only. So every test file sets it.
plugin({
  name: "test timeout",
  setup(build) {
    build.onLoad({ filter: /\.test\.ts$/ }, async ({ path }) => ({
      loader: "ts",
      // On the first line, so that line numbers stay.
      contents: `import { setDefaultTimeout as $ } from "bun:test"; $(${TIMEOUT_MS}); ${await Bun.file(path).text()}`,
    }))
  },
})

// The launcher behaves differently under `npm run`; a test that wants that starts npm itself.
for (const name of Object.keys(process.env)) if (name.startsWith("npm_lifecycle_")) delete process.env[name]

// `npm test` makes a place for each process of tests, and clears it. After `bun test` this does.
if (process.env.TEST_PLACE === undefined) {
  const place = new Place()
  Object.assign(process.env, place.env)
  afterAll(async () => {
    for (const thing of await place.clear()) console.error(`Left behind, and ended: ${thing}`)
  })
}
