import type { ComponentChildren } from "preact"
import type { Node } from "../../../wire/wire.ts"
import { count } from "../../common/format.ts"
import { language } from "../../common/language.tsx"
import { ScrollArea } from "../../common/scroll-area.tsx"
import { clock } from "../../common/time.ts"
import { age, milliseconds } from "../data/durations.ts"
import type { MetricName } from "../data/queries.ts"
import { mayChange } from "../data/session.ts"
import { hasDrills, nodeP99, nodes, openDialog, type Tone } from "../data/state.ts"
import { words } from "../words/words.ts"
import { Tile } from "./tile.tsx"
import { WithTooltip } from "./tooltip.tsx"

const TONES: Record<Node["state"], Tone> = { ready: "good", starting: "warn", draining: "warn", down: "bad" }

/** The nodes: their state, load, latency, restarts and memory. */
export function Nodes() {
  const say = words.value
  const ready = nodes.value.filter(({ state }) => state === "ready").length
  return (
    <Tile
      name="nodes"
      title={say.nodes}
      aside={<strong class="now soft">{say.ofNodes(ready, nodes.value.length)}</strong>}
    >
      <ScrollArea label={say.nodes}>
        <ul class="cards">
          {nodes.value.map(node => (
            <NodeCard key={node.id} node={node} />
          ))}
        </ul>
      </ScrollArea>
    </Tile>
  )
}

function NodeCard({ node }: { node: Node }) {
  const say = words.value
  const { id, pid, state, startedAt, restarts, requestsPerSecond, memoryBytes, lastExit } = node
  return (
    <li class="node" data-state={state} data-testid={id}>
      <p class="node-head">
        <strong title={pid === undefined ? undefined : `pid ${pid}`}>{id}</strong>
        <WithTooltip metric="up" of={id} class="indicator" tone={TONES[state]}>
          {/* The green dot says "ready" already; the word is for screen readers, because there is no room for it. */}
          <span class={state === "ready" ? "hidden" : ""}>{say.nodeStates[state]} </span>
          {state === "ready" && age(Math.max(0, clock.value - Date.parse(startedAt)))}
        </WithTooltip>
      </p>
      <div class="node-figures">
        <Figure metric="nodeRate" of={id} name={say.perSecond}>
          {count(requestsPerSecond, language.value, 0)}
        </Figure>
        <Figure metric="nodeP99" of={id} name="p99">
          {milliseconds(nodeP99.value.get(id))}
        </Figure>
        <Figure metric="restarts" of={id} name={say.restarts}>
          {count(restarts, language.value)}
        </Figure>
        <Figure metric="memory" of={id} name={say.memory}>
          {memoryBytes === undefined ? "–" : `${Math.round(memoryBytes / 1_000_000)} MB`}
        </Figure>
      </div>
      {lastExit && <p class="last-exit">{lastExit}</p>}
      {hasDrills.value && mayChange.value && <DrillButtons node={node} />}
    </li>
  )
}

function DrillButtons({ node }: { node: Node }) {
  const say = words.value
  const down = node.state === "down"
  return (
    <p class="drills">
      <button
        type="button"
        aria-label={say.drainNode(node.id)}
        disabled={down}
        onClick={() => openDialog({ kind: "drain", node })}
      >
        {say.drain}
      </button>
      <button
        type="button"
        aria-label={say.killNode(node.id)}
        disabled={down}
        onClick={() => openDialog({ kind: "kill", node })}
      >
        {say.kill}
      </button>
    </p>
  )
}

interface FigureProps {
  name: string
  metric: MetricName
  of: string
  children: ComponentChildren
}

function Figure({ name, metric, of, children }: FigureProps) {
  return (
    <WithTooltip metric={metric} of={of} class="small-figure">
      <span class="soft">{name}</span> <b>{children}</b>
    </WithTooltip>
  )
}
