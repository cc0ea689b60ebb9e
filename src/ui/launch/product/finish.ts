import { computed, signal } from "@preact/signals"
import { chosenSku, item, sale, settled } from "../state/state.ts"
import { words } from "../words/words.ts"
import { axesOf, FINISHES, type Finish, finishAxis, finishOf, partOf, withValue } from "./variants.ts"

/** One finish that can be turned to. */
export interface Look {
  finish: Finish
  name: string
}

/** Which finish is looked at where the items do not differ by it. */
const looked = signal(0)

const axes = computed(() => axesOf(sale.value?.items ?? []))
const axis = computed(() => finishAxis(axes.value))

/** Every finish in the order in which they turn by: those of the items, or else all there are, to look at. */
export const looks = computed<Look[]>(() =>
  axis.value < 0
    ? FINISHES.map(finish => ({ finish, name: words.value.finishes[finish] }))
    : axes.value[axis.value]!.map(name => ({ finish: finishOf(name)!, name })),
)

/** Which of them is shown. */
export const lookAt = computed(() =>
  axis.value < 0
    ? looked.value
    : looks.value.findIndex(({ name }) => name === partOf(item.value!, axes.value, axis.value)),
)

/** Whether turning chooses what is bought. It does not once something is bought. */
const turnsChoose = computed(() => axis.value >= 0)
export const turnable = computed(() => !turnsChoose.value || !settled.value)

/** Turns to a finish; the first follows the last. */
export function turnTo(place: number): void {
  if (!turnable.value) return
  const at = (place + looks.value.length) % looks.value.length
  if (axis.value < 0) looked.value = at
  else choose(axis.value, looks.value[at]!.name)
}

/** What is to be chosen besides the finish: each axis with more than one value. */
export const choices = computed(() =>
  axes.value
    .map((values, at) => ({ at, values }))
    .filter(({ at, values }) => values.length > 1 && at !== axis.value)
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
