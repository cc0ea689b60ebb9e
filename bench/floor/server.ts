/**
 * The least that a server in this runtime can do for a purchase: it parses the body and answers the same JSON. It checks
 * no token and stores nothing, so it shows the cost of HTTP alone.
 */
const node = process.argv[3]!
let seq = 0

Bun.serve({
  hostname: "127.0.0.1",
  port: Number(process.argv[2]),
  reusePort: true,
  async fetch(request) {
    if (request.method !== "POST") return new Response("ok")
    const { sku, quantity = 1 } = (await request.json()) as { sku: string; quantity?: number }
    return sku === "gone" ? refuse() : accept(sku, quantity)
  },
})

function accept(sku: string, quantity: number): Response {
  seq += 1
  const order = {
    id: `A${seq}-4Q2M`,
    saleId: "bench-1",
    sku,
    quantity,
    unitPrice: { amount: 2_574_900_000, currency: "IDR" },
    state: "confirmed",
    customerId: "customers-0-12345",
    createdAt: new Date().toISOString(),
    seq,
  }
  return Response.json(order, { status: 201, headers: { "X-Served-By": node } })
}

function refuse(): Response {
  const problem = {
    type: "/docs#sold_out",
    title: "sold out",
    status: 409,
    detail: "Every unit is sold.",
    code: "sold_out",
    seq: 4,
    free: 0,
  }
  const headers = { "Content-Type": "application/problem+json", "X-Served-By": node }
  return new Response(JSON.stringify(problem), { status: 409, headers })
}
