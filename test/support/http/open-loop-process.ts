import { tokenOf } from "../token.ts"
import { OpenLoop } from "./open-loop.ts"

// A process of its own, so that sending does not keep the replica from reading: port, sale, rate, seconds. Prints the answers by status.

const [port, sale = "", rate, seconds] = process.argv.slice(2)
const body = JSON.stringify({ sku: "shoe" })
const buyers = new OpenLoop(Number(port))
const texts = Array.from({ length: Number(rate) * Number(seconds) }, (_, at) => {
  const customer = `${sale}-${at}`
  return (
    `POST /api/v1/sales/${sale}/orders HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${tokenOf(customer)}\r\n` +
    `Idempotency-Key: ${customer}\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`
  )
})
await buyers.send(texts, Number(rate))
console.log(JSON.stringify(Object.fromEntries(buyers.statuses)))
process.exit(0)
