import { computed, signal } from "@preact/signals"
import { choiceLocked, chosenSku, currentItem, currentSale, sale } from "../state/state.ts"
import { words } from "../words/words.ts"
import { axesOf, FINISHES, type Finish, finishAxis, finishOf, valueOn, withValue } from "./variants.ts"

/** A finish and its name. */
interface FinishOption {
  finish: Finish | undefined
  name: string
}

/** The finish that is shown if the items do not differ in it. It is then only a preview. */
const previewedFinish = signal(0)

const axes = computed(() => axesOf(sale.value?.items ?? []))
const finishIndex = computed(() => finishAxis(axes.value))
/** The names of the items' finishes; undefined if the items do not differ in it. */
const finishNames = computed(() => axes.value[finishIndex.value])

/** All finishes in order: those of the items, or else all that can be drawn. */
export const finishOptions = computed<FinishOption[]>(
  () =>
    finishNames.value?.map(name => ({ finish: finishOf(name), name })) ??
    FINISHES.map(finish => ({ finish, name: words.value.finishes[finish] })),
)

/** The index of the finish that is shown. */
export const shownFinish = computed(() => {
  if (!finishNames.value) return previewedFinish.value
  return finishNames.value.indexOf(valueOn(currentItem(), axes.value, finishIndex.value))
})

/** Whether the finish may change. Where it is part of the item, it may not once the item is bought. */
export const canChangeFinish = computed(() => !finishNames.value || !choiceLocked.value)

/** Shows a finish and, where the items differ in it, chooses the item. The first one follows the last. */
export function selectFinish(index: number): void {
  if (!canChangeFinish.value) return
  const count = finishOptions.value.length
  const wrapped = (index + count) % count
  const name = finishNames.value?.[wrapped]
  if (name === undefined) previewedFinish.value = wrapped
  else choose(finishIndex.value, name)
}

/** The choices besides the finish: every other axis with more than one value. */
export const choices = computed(() =>
  axes.value
    .map((values, axis) => ({ axis, values }))
    .filter(({ axis, values }) => values.length > 1 && axis !== finishIndex.value)
    .map(({ axis, values }) => ({ axis, values, chosen: valueOn(currentItem(), axes.value, axis) })),
)

export function choose(axis: number, value: string): void {
  chosenSku.value = itemWith(axis, value).sku
}

/** Whether the item that `value` would choose is sold out. */
export function isValueSoldOut(axis: number, value: string): boolean {
  const { free, held } = itemWith(axis, value)
  return free + held === 0
}

const itemWith = (axis: number, value: string) => withValue(currentSale().items, currentItem(), axes.value, axis, value)
