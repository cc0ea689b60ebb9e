import type { CredentialStore } from "../../src/core/ports/credentials.ts"
import type { Logbook } from "../../src/core/ports/logbook.ts"
import type { Nodes } from "../../src/core/ports/nodes.ts"

/** For tests that use neither the nodes nor the logbook. */
export const NO_FLEET: Nodes = {
  hasDrills: false,
  nodes: async () => [],
  kill: async () => false,
  drain: async () => false,
  metrics: async () => "",
  allMetrics: async () => "",
}

export const NO_CREDENTIALS: CredentialStore = {
  credentials: async () => ({ credentials: [], ended: [] }),
  addCredential: async () => "full",
  revokeCredential: async () => false,
  endSession: async () => {},
}

export const NO_LOGBOOK: Logbook = {
  enter: async () => {},
  entries: async () => [],
  addFailures: async () => {},
  failures: async () => [],
}

export const NO_RECORDS = {
  logbook: NO_LOGBOOK,
  credentials: NO_CREDENTIALS,
  seals: { pageAfter: async () => undefined },
}
