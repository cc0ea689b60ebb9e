import { computed } from "@preact/signals"
import { language } from "../../common/language.ts"
import { en } from "./en.ts"
import { dialogsEn } from "./en-dialogs.ts"
import { tooltipsEn } from "./en-tooltips.ts"
import { id } from "./id.ts"
import { dialogsId } from "./id-dialogs.ts"
import { tooltipsId } from "./id-tooltips.ts"

const WORDS = {
  en: { ...en, ...dialogsEn, tooltips: tooltipsEn },
  id: { ...id, ...dialogsId, tooltips: tooltipsId },
}

/** All texts of the control room in the selected language. */
export const words = computed(() => WORDS[language.value])
