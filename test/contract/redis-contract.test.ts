import { inventoryContract } from "./contract.ts"
import { REDIS_KINDS } from "./redis-kinds.ts"

for (const kind of REDIS_KINDS) inventoryContract(kind(), true)
