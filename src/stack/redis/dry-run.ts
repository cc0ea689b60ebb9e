import { amend, create } from "../../core/admin-rules.ts"
import type { Amend, Answer, Create } from "../../core/command.ts"
import type { Fact } from "../../core/fact.ts"
import { copyOf, type Sale } from "../../core/sale.ts"
import type { StoreTransaction } from "../../core/store-transaction.ts"
import { documentText, stockText } from "./protocol/sale-head.ts"

/** What the rules make of a command that is only carried out here, on a copy: the store is sent what comes of it. */
export interface DryRun {
  /** Instead of the rest, if the rules refuse it. */
  refused?: Answer
  sale: Sale
  terms: string
}

export function dryRunCreate(command: Create, number: number): DryRun {
  const stage = stageOf(undefined, number - 1)
  return resultOf(
    stage,
    create(stage.transaction, command, 0, () => ""),
  )
}

export function dryRunAmend(command: Amend, sale: Sale): DryRun {
  const stage = stageOf(copyOf(sale), sale.number)
  return resultOf(
    stage,
    amend(stage.transaction, command, sale.at, () => ""),
  )
}

/** The terms that the store itself looks at, as its `meta` keeps them. */
export function termsArgs({ opensAt, closesAt, holdSeconds, limitPerCustomer }: Sale): string[] {
  return [opensAt, closesAt ?? "", holdSeconds ?? "", limitPerCustomer].map(String)
}

export function createArgs({ sale, terms }: DryRun, run: string, wasCreated: boolean): string[] {
  const { number, checkout } = sale
  const stocked = stockText(sale.items)
  const about = [checkout, stocked, documentText(sale), terms, run, wasCreated ? "1" : "0"]
  return [String(number), ...termsArgs(sale), ...about]
}

export function amendArgs({ sale, terms }: DryRun, version: string): string[] {
  return ["t", version, ...termsArgs(sale), documentText(sale), terms]
}

interface Stage {
  transaction: StoreTransaction
  sale: Sale | undefined
  fact: Fact | undefined
}

function resultOf({ sale, fact }: Stage, answer: Answer): DryRun {
  const refused = answer.outcome === "done" ? undefined : answer
  return { refused, sale: sale!, terms: fact ? JSON.stringify(fact.terms) : "" }
}

/** A shelf of one sale, or of none, that remembers the first fact. */
function stageOf(sale: Sale | undefined, count: number): Stage {
  const stage: Stage = {
    sale,
    fact: undefined,
    transaction: {
      sale: () => sale,
      saleNumbered: () => sale,
      saleCount: () => count,
      order: () => undefined,
      ordersOf: () => [],
      firstDeadline: () => undefined,
      due: () => [],
      addSale: added => {
        stage.sale = added
      },
      write: (_, fact) => {
        stage.fact ??= fact
      },
    },
  }
  return stage
}
