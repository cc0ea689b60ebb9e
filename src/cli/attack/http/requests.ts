import type { Target } from "./target.ts"

/** HTTP requests as the text that goes over the wire. Everything in them is ASCII. */

export function getRequest({ authority }: Target, path: string): string {
  return `GET ${path} HTTP/1.1\r\nHost: ${authority}\r\nCache-Control: no-cache\r\n\r\n`
}

export function sessionRequest({ authority }: Target): string {
  return `POST /api/v1/sessions HTTP/1.1\r\nHost: ${authority}\r\nContent-Length: 0\r\n\r\n`
}

/** Returns a function that makes one purchase request. What all of them share is made only once. */
export function purchaseRequests(
  { authority }: Target,
  saleId: string,
  sku: string,
  quantity: number,
): (token: string, key: string) => string {
  const body = JSON.stringify({ sku, quantity })
  const head = `POST /api/v1/sales/${saleId}/orders HTTP/1.1\r\nHost: ${authority}\r\nAuthorization: Bearer `
  const tail = `\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`
  return (token, key) => `${head}${token}\r\nIdempotency-Key: ${key}${tail}`
}
