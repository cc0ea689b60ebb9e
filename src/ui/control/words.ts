import { computed } from "@preact/signals"
import { lang } from "../common/lang.ts"
import { en } from "./words-en.ts"
import { formsEn } from "./words-en-forms.ts"
import { meaningsEn } from "./words-en-meanings.ts"
import { id } from "./words-id.ts"
import { formsId } from "./words-id-forms.ts"
import { meaningsId } from "./words-id-meanings.ts"

const WORDS = {
  en: { ...en, ...formsEn, meaning: meaningsEn },
  id: { ...id, ...formsId, meaning: meaningsId },
}

/** Every sentence of the control room, in the reader's language. */
export const words = computed(() => WORDS[lang.value])
