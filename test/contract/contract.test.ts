import { inventoryContract } from "./contract.ts"
import { ipc, memory, sqlite } from "./kinds.ts"

inventoryContract(memory(), false)
inventoryContract(sqlite(), true)
inventoryContract(ipc(), true)
