/** With CI=true every test runs at its full size; otherwise in seconds. */
export const IN_CI = process.env.CI === "true"

/** For one test of a store: it takes milliseconds, but the machine may be busy with other things. */
export const TEST_MAX_MS = 30_000
