import { computed } from "@preact/signals"
import { lang } from "../../common/language.ts"
import { en } from "./en.ts"
import { formsEn } from "./en-dialogs.ts"
import { meaningsEn } from "./en-tooltips.ts"
import { id } from "./id.ts"
import { formsId } from "./id-dialogs.ts"
import { meaningsId } from "./id-tooltips.ts"

const WORDS = {
  en: { ...en, ...formsEn, meaning: meaningsEn },
  id: { ...id, ...formsId, meaning: meaningsId },
}

/** Every sentence of the control room, in the reader's language. */
export const words = computed(() => WORDS[lang.value])
