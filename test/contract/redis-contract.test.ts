import { inventoryContract } from "../support/contract/contract.ts"
import { REDIS_KINDS } from "../support/stores/redis-kinds.ts"

for (const kind of REDIS_KINDS) inventoryContract(kind(), true)
