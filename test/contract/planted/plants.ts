import type { Inventory } from "../../../src/core/ports/inventory.ts"
import type { Decide } from "../../../src/core/rules.ts"
import { sha1 } from "../../../src/runtime/sha1.ts"
import type { Clock } from "../../../src/runtime/time.ts"
import { MemoryInventory } from "../../support/stores/memory-inventory.ts"
import { CorrectLayer, RefusesAfterRestock, RefusesOrderOwners, StopsAtInvalidCommand } from "./layers.ts"
import * as wrong from "./rules.ts"

type Open = (clock: Clock) => Inventory

/** Correct stores, which must pass everything that a planted bug fails. */
export const CORRECT_STORES: Record<string, Open> = {
  "the store": clock => new MemoryInventory(clock),
  "the store behind a replica that refuses from memory": clock =>
    new CorrectLayer(new MemoryInventory(clock), () => clock.now()),
}

export interface PlantedBug {
  open: Open
  /** The rules of the contract that it breaks, as `subject: sentence`. */
  caughtBy: string[]
  /** A story that it fails. */
  story?: string
  /** The checks of the audit that it fails. Correct stores fail none in the same scenario. */
  audit: string[]
}

const rules =
  (make: () => Decide): Open =>
  clock =>
    new MemoryInventory(clock, make())

export const PLANTED_BUGS: Record<string, PlantedBug> = {
  "the stock is checked first and written later": {
    open: rules(wrong.checkThenDecrement),
    caughtBy: [
      "stock: several attempts for the last unit in one call sell it once",
      "stock: several concurrent calls for the last unit sell it once",
      "stock: a thousand buyers of ten units get exactly ten",
    ],
    story: "sale phone total 2 limit 1\ncrowd phone 10 -> confirmed 2 sold_out 8",
    audit: ["I1", "I2", "I9"],
  },
  "the store forgets keys": {
    open: rules(wrong.forgetsKeys),
    caughtBy: [
      "replay: a repeated key returns the same order and has no second effect",
      "replay: the same key in one call or in concurrent calls makes one order",
    ],
    story: "sale shoes total 2 limit 2\nreserve shoes ann k -> confirmed\nreserve shoes ann k -> replayed confirmed",
    audit: ["I8"],
  },
  "each replica has its own limit": {
    open: rules(wrong.limitPerReplica),
    caughtBy: [
      "limits: the limit counts a customer's orders under all keys, and a refusal names the first",
      "limits: fifty concurrent attempts of one customer buy one unit",
    ],
    story: "sale shoes total 9 limit 1\nreserve shoes ann k1 -> confirmed\nreserve shoes ann k2 -> limit_reached",
    audit: ["I4"],
  },
  "an expired hold frees its units twice": {
    open: rules(wrong.expiresTwice),
    caughtBy: ["expiry: expiry releases each due hold once, the earliest first, and no other"],
    audit: ["I11"],
  },
  "a refusal from memory reaches a customer who has an order": {
    open: clock => new RefusesOrderOwners(new MemoryInventory(clock)),
    caughtBy: ["replay: a customer who repeats the key of an order never gets sold_out"],
    story: "sale shoes total 1 limit 1\nreserve shoes ann k -> confirmed\nreserve shoes ann k -> replayed confirmed",
    audit: ["I8"],
  },
  "a refusal from memory outlives a restock": {
    open: clock => new RefusesAfterRestock(new MemoryInventory(clock)),
    caughtBy: ["stock: a sold-out sale sells again after a restock"],
    story:
      "sale shoes total 0 limit 1\nreserve shoes ann k -> sold_out\nrestock shoes 1 -> done\nreserve shoes ann k -> confirmed",
    audit: ["I13"],
  },
  "keys are shared by all customers": {
    open: rules(wrong.sharesKeys),
    caughtBy: ["replay: keys are scoped to customer and sale"],
    story: "sale shoes total 9 limit 1\nreserve shoes ann k -> confirmed\nreserve shoes bob k -> confirmed",
    audit: ["I5"],
  },
  "the sale opens a millisecond early": {
    open: rules(wrong.opensEarly),
    caughtBy: ["windows: an attempt 1 ms before the opening changes nothing and gets the opening as retryAt"],
    story: "sale shoes total 9 limit 1 opens 1s\nwait 999ms\nreserve shoes ann k -> sale_not_open",
    audit: ["W1"],
  },
  "a hash does not cover the previous one": {
    open: clock => new MemoryInventory(clock, undefined, text => sha1(text.slice(text.indexOf("|")))),
    caughtBy: ["journal: every fact's hash covers the previous one, and the sale has the last hash"],
    audit: ["I10"],
  },
  "refused attempts use up fact numbers": {
    open: rules(wrong.burnsNumbers),
    caughtBy: [
      "journal: facts are numbered without a gap, and their times never go back",
      "journal: a refusal writes nothing and gives the seq of the last fact",
    ],
    audit: ["I10"],
  },
  "any customer can confirm or cancel any order": {
    open: rules(wrong.ignoresOwners),
    caughtBy: ["holds: another customer's order is order_unknown, like one that does not exist"],
    story:
      "sale shoes total 1 limit 1 hold 60s\nreserve shoes ann k -> held\ncancel shoes ann k by eve -> order_unknown",
    audit: [],
  },
  "a refused key cannot be used again": {
    open: rules(wrong.burnsKeys),
    caughtBy: ["replay: a refused key can be used again, even with another payload"],
    story:
      "sale shoes total 0 limit 1\nreserve shoes ann k -> sold_out\nrestock shoes 1 -> done\nreserve shoes ann k -> confirmed",
    audit: ["I8"],
  },
  "an invalid command fails the commands after it": {
    open: clock => new StopsAtInvalidCommand(new MemoryInventory(clock)),
    caughtBy: ["batches: an invalid command does not affect the other commands of its call"],
    audit: [],
  },
}
