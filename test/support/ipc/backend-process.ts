import { NoticePublisher } from "../../../src/embedded/ipc/publisher.ts"
import { IpcServer } from "../../../src/embedded/ipc/server.ts"
import { SqliteInventory } from "../../../src/embedded/sqlite/inventory.ts"
import { systemTime } from "../../../src/runtime/time.ts"
import { NO_FLEET, NO_RECORDS } from "../no-fleet.ts"
import type { ToBackend } from "./backend.ts"

let now = 0
let elapsed = 0
const clock = { now: () => now, monotonic: () => elapsed }
let opened: {
  inventory: SqliteInventory
  publisher: NoticePublisher
  host: IpcServer
  port: { send(message: unknown): void }
}

process.on("message", async (message: ToBackend) => {
  switch (message.type) {
    case "open":
      now = message.now
      elapsed = message.elapsed
      await open(message.file)
      break
    case "clock":
      now = message.now
      elapsed = message.elapsed
      break
    case "call":
      await opened.host.answer(opened.port, message)
      break
    case "acknowledged":
      opened.publisher.acknowledged(opened.port, message.id)
  }
})
process.on("disconnect", () => process.exit(0))

async function open(file: string): Promise<void> {
  opened?.publisher[Symbol.dispose]()
  await opened?.inventory[Symbol.asyncDispose]()
  const inventory = new SqliteInventory(file, clock)
  const publisher = new NoticePublisher(inventory, { ...systemTime, ...clock })
  publisher.start()
  const port = { send: (message: unknown) => void process.send!(message) }
  opened = { inventory, publisher, host: new IpcServer(inventory, NO_FLEET, NO_RECORDS, publisher), port }
  publisher.join(port, "one")
}
