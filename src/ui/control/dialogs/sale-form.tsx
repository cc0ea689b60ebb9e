import { useSignal } from "@preact/signals"
import type { Sale } from "../../../wire/wire.ts"
import { serverTime } from "../../common/time.ts"
import type { ActionError } from "../data/admin-request.ts"
import { amendSale, createSale } from "../data/commands.ts"
import { words } from "../words/words.ts"
import { fieldErrorsOf } from "./field-errors.ts"
import { Field, ItemFields } from "./fields.tsx"
import { FormDialog } from "./form-dialog.tsx"
import { Preview } from "./preview.tsx"
import { draftOf, newDraft, patchOf, type SaleDraft, slug, termsOf } from "./sale-draft.ts"

/** Creates a sale, or changes the terms of one. Beside the form is a preview of the buyers' page. */
export function SaleForm({ sale }: { sale?: Sale }) {
  const say = words.value
  const { draft, set, touch, errorAt, submit, showAtField } = useSaleForm(sale)
  const exists = sale !== undefined
  const field = (
    path: Exclude<keyof SaleDraft, "items">,
    label: string,
    more: Partial<Parameters<typeof Field>[0]> = {},
  ) => (
    <Field
      path={path}
      label={label}
      value={draft.value[path]}
      onValue={value => set(path, value)}
      error={errorAt(path)}
      {...more}
    />
  )
  return (
    <FormDialog
      title={sale ? say.editTitle(sale.name) : say.newTitle}
      submitText={sale ? say.save : say.create}
      onSubmit={submit}
      onError={showAtField}
      wide
    >
      <div class="sale-form">
        <div class="fields">
          {field("name", say.saleName)}
          {field("id", say.saleId, { disabled: exists, hint: say.saleIdHint })}
          {field("description", say.saleDescription, { area: true })}
          {field("opensAt", say.opensAtField, { type: "datetime-local", hint: say.zone(timeZone()) })}
          {field("closesAt", say.closesAtField, { type: "datetime-local", hint: say.optional })}
          {field("checkout", say.checkoutField, {
            disabled: exists,
            options: [
              ["instant", say.instant],
              ["hold", say.hold],
            ],
          })}
          {draft.value.checkout === "hold" && field("holdSeconds", say.holdSecondsField, { type: "number" })}
          {field("limitPerCustomer", say.limitField, { type: "number" })}
          {field("currency", say.currencyField, { disabled: exists })}
          <ItemFields draft={draft} fixed={exists} errorAt={errorAt} touch={touch} />
        </div>
        <Preview draft={draft.value} />
      </div>
    </FormDialog>
  )
}

/** The state of the form. A field shows its error once it has been edited; after an attempt to submit, every field does. */
function useSaleForm(sale: Sale | undefined) {
  const say = words.value
  const draft = useSignal<SaleDraft>(sale ? draftOf(sale) : newDraft(serverTime()))
  const touched = useSignal<ReadonlySet<string> | "all">(new Set())
  const serverError = useSignal<ActionError | undefined>(undefined)
  const errors = fieldErrorsOf(draft.value, sale !== undefined)

  const touch = (path: string) => {
    if (touched.value !== "all") touched.value = new Set([...touched.value, path])
    serverError.value = undefined
  }
  const set = (path: keyof SaleDraft, value: string) => {
    // The id follows the name until it is edited itself.
    const followsName = path === "name" && !sale && draft.value.id === slug(draft.value.name)
    draft.value = { ...draft.value, [path]: value, ...(followsName && { id: slug(value) }) }
    touch(path)
  }
  const errorAt = (path: string): string | undefined => {
    if (serverError.value?.path === path) return serverError.value.message
    const isShown = touched.value === "all" || touched.value.has(path)
    return isShown && errors[path] ? say.fieldErrors[errors[path]] : undefined
  }
  const submit = async (): Promise<ActionError | undefined> => {
    touched.value = "all"
    if (Object.keys(errors).length > 0) return { message: say.errorsLeft }
    if (!sale) return createSale(termsOf(draft.value))
    const patch = patchOf(draft.value, sale)
    return Object.keys(patch).length > 0 ? amendSale(sale, patch, say.amendedDone(sale.name)) : undefined
  }
  const showAtField = (error: ActionError): boolean => {
    serverError.value = error
    return error.path !== undefined && document.getElementById(`field-${error.path}`) !== null
  }
  return { draft, set, touch, errorAt, submit, showAtField }
}

/** `Asia/Jakarta`: the time zone of the fields. */
function timeZone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone
}
