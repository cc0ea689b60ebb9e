import type { Node } from "../../wire.ts"
import { clock } from "../common/clock.ts"
import { count } from "../common/format.ts"
import { lang } from "../common/lang.ts"
import { Scroll } from "../common/scroll.tsx"
import { duration, megabytes } from "./duration.ts"
import { asking, nodes } from "./state.ts"
import { Tile } from "./tile.tsx"
import { words } from "./words.ts"

export function Nodes() {
  const say = words.value
  return (
    <Tile name="nodes" title={say.nodes}>
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
        <span class="sign" data-tone={state === "ready" ? "good" : state === "down" ? "bad" : "warn"}>
          {say.nodeStates[state]}
        </span>
      </p>
      <dl>
        <Figure name={say.perSecond} value={count(requestsPerSecond, lang.value, 0)} />
        <Figure name={say.memory} value={memoryBytes === undefined ? "–" : megabytes(memoryBytes)} />
        <Figure name={say.restarts} value={count(restarts, lang.value)} />
        <Figure name={say.up} value={duration(Math.max(0, clock.value - Date.parse(startedAt)))} />
      </dl>
      {lastExit && <p class="why">{lastExit}</p>}
      <button
        type="button"
        aria-label={say.killNode(id)}
        disabled={state === "down"}
        onClick={() => {
          asking.value = { kind: "kill", node }
        }}
      >
        {say.kill}
      </button>
    </li>
  )
}

function Figure({ name, value }: { name: string; value: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  )
}
