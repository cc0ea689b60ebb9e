import type { StoreFigures } from "../costs/figures.ts"
import { table } from "./markdown.ts"
import { median, whole } from "./numbers.ts"

/** The medians of the store alone: operations per CPU second of Redis, and bytes. */
export function storeMedians({ rounds, bytesPerOrder }: StoreFigures) {
  const middle = (what: string) =>
    median(rounds.flatMap(round => round.filter(one => one.what === what)).map(cost => cost.perCpuSecond))
  return {
    accepted: middle("accepted"),
    refused: middle("refused"),
    decrements: middle("DECR"),
    bytesPerOrder: median(bytesPerOrder),
  }
}

export function storeTable(store: StoreFigures): string {
  const { accepted, refused, decrements, bytesPerOrder } = storeMedians(store)
  return table(
    ["the store alone, calls of 200, no fsync", "per CPU second of Redis"],
    [
      ["accepted", whole(accepted)],
      ["refused", whole(refused)],
      ["pipelined `DECR`", whole(decrements)],
      ["bytes per confirmed order, drained", whole(bytesPerOrder)],
    ],
  )
}
