import { useSignal } from "@preact/signals"
import type { Sale } from "../../../wire/wire.ts"
import { serverTime } from "../../common/clock.ts"
import type { Refusal } from "../data/action-error.ts"
import { amend, create } from "../data/commands.ts"
import { words } from "../words/words.ts"
import { Field } from "./field.tsx"
import { faultsOf } from "./field-errors.ts"
import { Question } from "./form-dialog.tsx"
import { ItemFields } from "./item-fields.tsx"
import { Preview } from "./preview.tsx"
import { type Draft, draftOf, newDraft, patchOf, slug, termsOf } from "./sale-draft.ts"

/** Makes a sale, or changes the terms of one; beside it the page that buyers will see. */
export function SaleForm({ sale }: { sale?: Sale }) {
  const say = words.value
  const draft = useSignal<Draft>(sale ? draftOf(sale) : newDraft(serverTime()))
  /** What is wrong is said of a field that was left, and of every field once it was to be sent. */
  const touched = useSignal<ReadonlySet<string> | "all">(new Set())
  const refused = useSignal<Refusal>(undefined)
  const faults = faultsOf(draft.value)

  const set = (path: keyof Draft, value: string) => {
    const named = path === "name" && !sale && draft.value.id === slug(draft.value.name)
    draft.value = { ...draft.value, [path]: value, ...(named && { id: slug(value) }) }
    touch(path)
  }
  const touch = (path: string) => {
    if (touched.value !== "all") touched.value = new Set([...touched.value, path])
    refused.value = undefined
  }
  const faultAt = (path: string): string | undefined => {
    if (refused.value?.path === path) return refused.value.sentence
    const shown = touched.value === "all" || touched.value.has(path)
    return shown && faults[path] ? say.faults[faults[path]] : undefined
  }
  const send = async (): Promise<Refusal> => {
    touched.value = "all"
    if (Object.keys(faults).length > 0) return { sentence: say.faultsLeft }
    if (!sale) return create(termsOf(draft.value))
    const patch = patchOf(draft.value, sale)
    return Object.keys(patch).length > 0 ? amend(sale, patch, say.amendedDone(sale.name)) : undefined
  }
  const field = (
    path: Exclude<keyof Draft, "items">,
    label: string,
    more: Partial<Parameters<typeof Field>[0]> = {},
  ) => (
    <Field
      path={path}
      label={label}
      value={draft.value[path]}
      onValue={value => set(path, value)}
      fault={faultAt(path)}
      {...more}
    />
  )
  return (
    <Question
      title={sale ? say.editTitle(sale.name) : say.newTitle}
      yes={sale ? say.save : say.create}
      onYes={send}
      onRefusal={refusal => {
        refused.value = refusal
        return refusal.path !== undefined && document.getElementById(`field-${refusal.path}`) !== null
      }}
      wide
    >
      <div class="sale-form">
        <div class="fields">
          {field("name", say.saleName)}
          {field("id", say.saleId, { disabled: sale !== undefined, hint: say.saleIdHint })}
          {field("description", say.saleDescription, { area: true })}
          {field("opensAt", say.opensAtField, { type: "datetime-local", hint: say.zone(zone()) })}
          {field("closesAt", say.closesAtField, { type: "datetime-local", hint: say.optional })}
          {field("checkout", say.checkoutField, {
            disabled: sale !== undefined,
            options: [
              ["instant", say.instant],
              ["hold", say.hold],
            ],
          })}
          {draft.value.checkout === "hold" && field("holdSeconds", say.holdSecondsField, { type: "number" })}
          {field("limitPerCustomer", say.limitField, { type: "number" })}
          {field("currency", say.currencyField, { disabled: sale !== undefined })}
          <ItemFields draft={draft} fixed={sale !== undefined} faultAt={faultAt} touch={touch} />
        </div>
        <Preview draft={draft.value} />
      </div>
    </Question>
  )
}

/** `Asia/Jakarta`: the zone that the fields' times are of. */
function zone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone
}
