import { inventoryContract } from "../support/contract/contract.ts"
import { effort } from "../support/effort.ts"
import { REDIS_KINDS } from "../support/stores/redis-kinds.ts"

// In brief, one server: the model test runs on all kinds.
for (const kind of effort(REDIS_KINDS, REDIS_KINDS.slice(0, 1))) inventoryContract(kind(), true)
