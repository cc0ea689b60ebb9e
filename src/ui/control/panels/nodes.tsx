import type { ComponentChildren } from "preact"
import type { Node } from "../../../wire/wire.ts"
import { clock } from "../../common/clock.ts"
import { count } from "../../common/format.ts"
import { lang } from "../../common/language.ts"
import { Scroll } from "../../common/scroll.tsx"
import { age, megabytes } from "../data/durations.ts"
import type { Topic } from "../data/queries.ts"
import { asking, hasDrills, nodeP99, nodes, type Tone } from "../data/state.ts"
import { words } from "../words/words.ts"
import { milliseconds } from "./latency.tsx"
import { Tile } from "./tile.tsx"
import { Explained } from "./tooltip.tsx"

const TONES: Record<Node["state"], Tone> = { ready: "good", starting: "warn", draining: "warn", down: "bad" }

/** Are we whole? */
export function Nodes() {
  const say = words.value
  const ready = nodes.value.filter(({ state }) => state === "ready").length
  return (
    <Tile
      name="nodes"
      title={say.nodes}
      aside={<strong class="now soft">{say.ofNodes(ready, nodes.value.length)}</strong>}
    >
      <Scroll label={say.nodes}>
        <ul class="cards">
          {nodes.value.map(node => (
            <Card key={node.id} node={node} />
          ))}
        </ul>
      </Scroll>
    </Tile>
  )
}

function Card({ node }: { node: Node }) {
  const say = words.value
  const { id, pid, state, startedAt, restarts, requestsPerSecond, memoryBytes, lastExit } = node
  return (
    <li class="node" data-state={state} data-testid={id}>
      <p class="node-head">
        <strong title={pid === undefined ? undefined : `pid ${pid}`}>{id}</strong>
        <Explained topic="up" of={id} class="sign" tone={TONES[state]}>
          {/* The lamp says that all is well; there is no room to say it twice. */}
          <span class={state === "ready" ? "hidden" : ""}>{say.nodeStates[state]} </span>
          {state === "ready" && age(Math.max(0, clock.value - Date.parse(startedAt)))}
        </Explained>
      </p>
      <div class="node-figures">
        <Figure topic="nodeRate" of={id} name={say.perSecond}>
          {count(requestsPerSecond, lang.value, 0)}
        </Figure>
        <Figure topic="nodeP99" of={id} name="p99">
          {milliseconds(nodeP99.value.get(id))}
        </Figure>
        <Figure topic="restarts" of={id} name={say.restarts}>
          {count(restarts, lang.value)}
        </Figure>
        <Figure topic="memory" of={id} name={say.memory}>
          {memoryBytes === undefined ? "–" : megabytes(memoryBytes)}
        </Figure>
      </div>
      {lastExit && <p class="why">{lastExit}</p>}
      {hasDrills.value && <Drills node={node} />}
    </li>
  )
}

function Drills({ node }: { node: Node }) {
  const say = words.value
  const down = node.state === "down"
  return (
    <p class="drills">
      <button type="button" aria-label={say.drainNode(node.id)} disabled={down} onClick={() => ask("drain", node)}>
        {say.drain}
      </button>
      <button type="button" aria-label={say.killNode(node.id)} disabled={down} onClick={() => ask("kill", node)}>
        {say.kill}
      </button>
    </p>
  )
}

function Figure({
  name,
  topic,
  of,
  children,
}: {
  name: string
  topic: Topic
  of: string
  children: ComponentChildren
}) {
  return (
    <Explained topic={topic} of={of} class="small-figure">
      <span class="soft">{name}</span> <b>{children}</b>
    </Explained>
  )
}

function ask(kind: "drain" | "kill", node: Node): void {
  asking.value = { kind, node }
}
