import type { System } from "../support/system.ts"

/** Longer than replicas take to hear of a change: they are told 20 times a second. */
export const NOTICED_MS = 300

/** One answer of every replica, over connections of their own. */
export async function fromEveryNode(system: System, ask: () => Promise<Response>): Promise<Map<string, Response>> {
  const { nodes } = await system.admin<{ nodes: object[] }>("GET", "/nodes")
  const answers = new Map<string, Response>()
  for (let tries = 0; answers.size < nodes.length && tries < 500; tries++) {
    const response = await ask()
    answers.set(response.headers.get("x-served-by")!, response)
  }
  return answers
}
