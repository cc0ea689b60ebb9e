import { startBaseline } from "./baseline/start.ts"
import type { ContenderName, Start } from "./contender.ts"
import { startEmbedded } from "./embedded/start.ts"
import { startFloor } from "./floor/start.ts"
import { startStack } from "./stack/start.ts"

/** How each contender is started. */
export const STARTS: Record<ContenderName, Start> = {
  baseline: startBaseline,
  embedded: startEmbedded,
  stack: startStack,
  floor: startFloor,
}
