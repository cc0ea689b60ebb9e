import { computed } from "@preact/signals"
import { language } from "../../common/language.tsx"
import { en, tooltipsEn } from "./en.ts"
import { dialogsEn } from "./en-dialogs.ts"
import { id, tooltipsId } from "./id.ts"
import { dialogsId } from "./id-dialogs.ts"

const WORDS = {
  en: { ...en, ...dialogsEn, tooltips: tooltipsEn },
  id: { ...id, ...dialogsId, tooltips: tooltipsId },
}

/** All texts of the control room in the selected language. */
export const words = computed(() => WORDS[language.value])
