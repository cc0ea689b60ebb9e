import { inventoryContract } from "../support/contract/contract.ts"
import { ipc, memory, sqlite } from "../support/stores/kinds.ts"

inventoryContract(memory(), false)
inventoryContract(sqlite(), true)
inventoryContract(sqlite(2), true)
inventoryContract(ipc(), true)
