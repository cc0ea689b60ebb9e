import { computed, signal } from "@preact/signals"
import { choiceLocked, chosenSku, item, sale } from "../state/state.ts"
import { words } from "../words/words.ts"
import { axesOf, FINISHES, type Finish, finishAxis, finishOf, partOf, withValue } from "./variants.ts"

/** One finish that can be turned to. */
export interface FinishOption {
  finish: Finish
  name: string
}

/** Which finish is looked at where the items do not differ by it. */
const previewedFinish = signal(0)

const axes = computed(() => axesOf(sale.value?.items ?? []))
const finishAxisIndex = computed(() => finishAxis(axes.value))

/** Every finish in the order in which they turn by: those of the items, or else all there are, to look at. */
export const finishOptions = computed<FinishOption[]>(() =>
  finishAxisIndex.value < 0
    ? FINISHES.map(finish => ({ finish, name: words.value.finishes[finish] }))
    : axes.value[finishAxisIndex.value]!.map(name => ({ finish: finishOf(name)!, name })),
)

/** Which of them is shown. */
export const shownFinish = computed(() =>
  finishAxisIndex.value < 0
    ? previewedFinish.value
    : finishOptions.value.findIndex(({ name }) => name === partOf(item.value!, axes.value, finishAxisIndex.value)),
)

/** Whether turning chooses what is bought. It does not once something is bought. */
const turnsChoose = computed(() => finishAxisIndex.value >= 0)
export const canTurn = computed(() => !turnsChoose.value || !choiceLocked.value)

/** Turns to a finish; the first follows the last. */
export function selectFinish(place: number): void {
  if (!canTurn.value) return
  const at = (place + finishOptions.value.length) % finishOptions.value.length
  if (finishAxisIndex.value < 0) previewedFinish.value = at
  else choose(finishAxisIndex.value, finishOptions.value[at]!.name)
}

/** What is to be chosen besides the finish: each axis with more than one value. */
export const choices = computed(() =>
  axes.value
    .map((values, at) => ({ at, values }))
    .filter(({ at, values }) => values.length > 1 && at !== finishAxisIndex.value)
    .map(({ at, values }) => ({ at, values, chosen: partOf(item.value!, axes.value, at) })),
)

export function choose(at: number, value: string): void {
  chosenSku.value = withValue(sale.value!.items, item.value!, axes.value, at, value).sku
}

/** Whether nothing is left of what would be bought with `value` on that axis. */
export function valueIsGone(at: number, value: string): boolean {
  const { free, held } = withValue(sale.value!.items, item.value!, axes.value, at, value)
  return free + held === 0
}
