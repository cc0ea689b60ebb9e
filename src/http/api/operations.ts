import type { Hono } from "hono"
import { InventoryFault } from "../../core/ports/inventory.ts"
import type { Door, Env } from "../context.ts"
import { DOCS_CSS, docsPage } from "./openapi/docs-page.ts"
import { openapi } from "./openapi/document.ts"

export function operationRoutes(app: Hono<Env>, door: Door): void {
  const { fleet, replies } = door
  const document = JSON.stringify(openapi())
  const page = docsPage()
  app.get("/livez", () => replies.text("ok\n", "text/plain"))
  app.get("/readyz", async () => {
    if (!door.isOpen()) return replies.refusal("overloaded", { detail: "This replica is stopping." })
    const obstacle = await door.obstacle().catch(reasonOf)
    return obstacle ? replies.refusal("reconciling", { detail: obstacle }) : replies.text("ok\n", "text/plain")
  })
  app.get("/metrics", async () => replies.text(await fleet.metrics(), "text/plain; version=0.0.4; charset=utf-8"))
  app.get("/openapi.json", () => replies.text(document, "application/json"))
  app.get("/docs", () => replies.text(page, "text/html; charset=utf-8"))
  app.get("/docs.css", () => replies.text(DOCS_CSS, "text/css; charset=utf-8"))
}

/** A store that is away is a reason like another. */
function reasonOf(error: unknown): string {
  if (error instanceof InventoryFault) return error.message
  throw error
}
