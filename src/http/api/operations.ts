import type { Hono } from "hono"
import { InventoryFault } from "../../core/ports/inventory.ts"
import type { Env, RequestContext } from "../context.ts"
import { DOCS_CSS, docsPage } from "./openapi/docs-page.ts"
import { openapi } from "./openapi/document.ts"

export function operationRoutes(app: Hono<Env>, context: RequestContext): void {
  const { nodes, responses } = context
  const document = JSON.stringify(openapi())
  const page = docsPage()
  app.get("/livez", () => responses.text("ok\n", "text/plain"))
  app.get("/readyz", async () => {
    if (!context.isOpen()) return responses.refusal("overloaded", { detail: "This replica is stopping." })
    const obstacle = await context.obstacle().catch(reasonOf)
    return obstacle ? responses.refusal("reconciling", { detail: obstacle }) : responses.text("ok\n", "text/plain")
  })
  app.get("/metrics", async () => responses.text(await nodes.metrics(), "text/plain; version=0.0.4; charset=utf-8"))
  app.get("/openapi.json", () => responses.text(document, "application/json"))
  app.get("/docs", () => responses.text(page, "text/html; charset=utf-8"))
  app.get("/docs.css", () => responses.text(DOCS_CSS, "text/css; charset=utf-8"))
}

/** A store that is away is a reason like another. */
function reasonOf(error: unknown): string {
  if (error instanceof InventoryFault) return error.message
  throw error
}
