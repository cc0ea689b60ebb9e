import { DemoError } from "./compose.ts"
import { freshSale, openStack, readyNodes, type Stack } from "./stack.ts"
import { perform, say } from "./stage.ts"

const PURCHASES = 30

await perform({
  name: "balance",
  title: "A: the load is balanced",
  does: `${PURCHASES} buyers, one after the other, buy one unit each.`,
  expects: "The node in the answer changes with every click, and each replica serves its share.",
  async run() {
    const stack = await openStack()
    const sale = await freshSale(stack, "balance", PURCHASES)
    const before = await readyNodes(stack)
    const tokens: string[] = []
    for (let buyer = 0; buyer < PURCHASES; buyer++) tokens.push(await newBuyer(stack))
    const served: string[] = []
    for (const [at, token] of tokens.entries()) {
      const { node, outcome } = await buy(stack, sale.id, token)
      served.push(node)
      say(`  buyer ${String(at + 1).padStart(2)}  served by ${node}  ${outcome}`)
    }
    const shares = before.map(({ id }) => served.filter(node => node === id).length)
    const told = before.map(({ id }, at) => `${id} ${shares[at]}`).join(", ")
    return [
      { what: `all ${before.length} replicas served: ${told}`, isSo: before.length > 1 && Math.min(...shares) > 0 },
      { what: "no other node served a request", isSo: shares.reduce((sum, share) => sum + share, 0) === PURCHASES },
    ]
  },
})

async function newBuyer({ url }: Stack): Promise<string> {
  const response = await fetch(`${url}/api/v1/sessions`, { method: "POST" })
  if (!response.ok) throw new DemoError(`No session was opened: ${response.status} ${await response.text()}`)
  return ((await response.json()) as { token: string }).token
}

async function buy({ url }: Stack, saleId: string, token: string): Promise<{ node: string; outcome: string }> {
  const response = await fetch(`${url}/api/v1/sales/${saleId}/orders`, {
    method: "POST",
    headers: { Authorization: `Bearer ${token}`, "Content-Type": "application/json" },
    body: JSON.stringify({ sku: saleId }),
  })
  const { state, code } = (await response.json()) as { state?: string; code?: string }
  return {
    node: response.headers.get("x-served-by") ?? "an unknown node",
    outcome: state ?? code ?? String(response.status),
  }
}
