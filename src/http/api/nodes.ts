import { PROMETHEUS_CONTENT_TYPE } from "../../observability/metric-family.ts"
import * as wire from "../../wire/wire.ts"
import { record } from "./logbook.ts"
import { nodeToWire } from "./mapping.ts"
import { adminRoute, malformed, tooLarge } from "./route.ts"

const noProcess = { status: 404, description: "There is no such process." }

export const nodeRoutes = [
  adminRoute(
    {
      method: "get",
      path: "/nodes",
      operationId: "listNodes",
      summary: "The replicas",
      answers: [{ status: 200, description: "Every node.", schema: wire.NodeList }],
    },
    async ({ nodes, responses }) =>
      responses.json({ nodes: (await nodes.nodes()).map(nodeToWire), hasDrills: nodes.hasDrills }),
  ),
  adminRoute(
    {
      method: "get",
      path: "/metrics",
      operationId: "allMetrics",
      summary: "Every series of every node, in Prometheus' text format",
      answers: [{ status: 200, description: "What all nodes have counted, whichever is asked.", type: "text/plain" }],
    },
    async ({ nodes, responses }) => responses.text(await nodes.allMetrics(), PROMETHEUS_CONTENT_TYPE),
  ),
  adminRoute(
    {
      method: "post",
      path: "/nodes/:nodeId/kill",
      operationId: "killNode",
      summary: "Kill a replica (SIGKILL), for drills",
      description: "With a `pid` it is safe to repeat: the process that took its place is left alone.",
      body: wire.KillRequest,
      // The kill may end the process that would record the answer.
      logbook: "start",
      answers: [{ status: 200, description: "Killed.", schema: wire.Killed }, malformed, tooLarge, noProcess],
    },
    async (context, c, { body }) => {
      const { nodes, responses } = context
      const nodeId = c.req.param("nodeId")
      await record(context, c)
      return (await nodes.kill(nodeId, body.pid)) ? responses.json({ killed: nodeId }) : responses.notFound()
    },
  ),
  adminRoute(
    {
      method: "post",
      path: "/nodes/:nodeId/drain",
      operationId: "drainNode",
      summary: "Replace a replica: its successor is ready before it stops",
      logbook: "start",
      answers: [{ status: 202, description: "It is being replaced.", schema: wire.Drained }, noProcess],
    },
    async (context, c) => {
      const { nodes, responses } = context
      const nodeId = c.req.param("nodeId")
      await record(context, c)
      return (await nodes.drain(nodeId)) ? responses.json({ drained: nodeId }, 202) : responses.notFound()
    },
  ),
]
