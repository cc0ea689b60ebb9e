import { computed } from "@preact/signals"
import { lang } from "../common/lang.ts"
import { en } from "./words-en.ts"
import { id } from "./words-id.ts"

export const words = computed(() => (lang.value === "id" ? id : en))
