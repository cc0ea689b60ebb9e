import { inventoryContract } from "./contract.ts"
import { redis } from "./redis-kinds.ts"

inventoryContract(redis(), true)
