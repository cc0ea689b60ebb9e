import { InventoryFault } from "../../core/ports/inventory.ts"
import { PROMETHEUS_CONTENT_TYPE } from "../../observability/metric-family.ts"
import { type Description, route, unavailable } from "./route.ts"

/** Describes an operation for those who run the system. */
export function operation<Path extends string>(
  path: Path,
  operationId: string,
  summary: string,
  type = "text/plain",
): Description<Path, undefined, undefined> {
  const answers = [{ status: 200, description: "OK.", type }]
  return { method: "get", path, operationId, summary, group: "Operations", access: "anyone", answers }
}

const READYZ = operation("/readyz", "readyz", "200 while this replica can sell, otherwise 503")

export const operationRoutes = [
  route(operation("/livez", "livez", "200 while the process lives; depends on no store"), ({ responses }) =>
    responses.text("ok\n", "text/plain"),
  ),
  route({ ...READYZ, answers: [...READYZ.answers, unavailable] }, async context => {
    const { responses } = context
    if (!context.isOpen()) return responses.refusal("overloaded", { detail: "This replica is stopping." })
    const obstacle = await context.obstacle().catch(reasonOf)
    return obstacle ? responses.refusal("reconciling", { detail: obstacle }) : responses.text("ok\n", "text/plain")
  }),
  route(operation("/metrics", "metrics", "Every series, in Prometheus' text format"), async ({ nodes, responses }) =>
    responses.text(await nodes.metrics(), PROMETHEUS_CONTENT_TYPE),
  ),
]

/** A store that fails is an obstacle like any other. */
function reasonOf(error: unknown): string {
  if (error instanceof InventoryFault) return error.message
  throw error
}
