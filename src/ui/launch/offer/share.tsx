import { announcement, sale } from "../state/state.ts"
import { words } from "../words/words.ts"

/** Tells others of the sale, never of the order: by the device's own means, or by a link to paste. */
export function Share() {
  const say = words.value
  // Neither is there on a page that came over plain HTTP from another machine.
  if (!navigator.share && !navigator.clipboard) return null
  const share = async () => {
    const { id, name } = sale.value!
    const url = `${location.origin}/sales/${id}`
    try {
      if (navigator.share) return await navigator.share({ title: name, text: say.shareText(name), url })
      await navigator.clipboard.writeText(url)
      announcement.value = { kind: "event", what: "copied" }
    } catch {
      // Whoever changes their mind in the device's own dialogue has not failed.
    }
  }
  return (
    <button type="button" class="secondary" onClick={share}>
      {say.share}
    </button>
  )
}
