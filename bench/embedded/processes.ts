import type { NodeList } from "../../src/wire/wire.ts"
import { commandLine, type ProcessName, tree } from "../measure/proc.ts"

/** The launcher, the supervisor and the replicas. Every process counts, even if it does little. */
export function nameProcesses(root: number, nodes: NodeList["nodes"]): ProcessName[] {
  const replicas = new Map(nodes.map(node => [node.pid, node.id.replace("node-", "replica ")]))
  const [, ...others] = tree(root)
  const supervisor = others.find(pid => tree(pid).some(child => child !== pid && replicas.has(child))) ?? root
  return tree(root).map(pid => ({ pid, name: replicas.get(pid) ?? nameOf(pid, root, supervisor) }))
}

function nameOf(pid: number, root: number, supervisor: number): string {
  if (pid === supervisor) return "supervisor"
  return pid === root ? "launcher" : (commandLine(pid).split(" ")[0] ?? "")
}
