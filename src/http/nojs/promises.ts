import type { Lang } from "./reader.ts"

/** What each check of the audit means to somebody who bought, or did not. */
const PROMISES: Record<string, Record<Lang, string>> = {
  "I1 conserve": { en: "Every unit is accounted for at every moment", id: "Setiap unit tercatat di setiap saat" },
  "I2 no oversell": { en: "Never more sold than there were", id: "Tak pernah terjual melebihi yang ada" },
  "I3 no leak": { en: "No unit was lost or forgotten", id: "Tak satu unit pun hilang atau terlupa" },
  "I4 limit": { en: "Nobody has more than the limit", id: "Tak seorang pun melebihi batas" },
  "I8 idempotent": {
    en: "One press, one order, however often repeated",
    id: "Satu tekanan, satu pesanan, berapa kali pun diulang",
  },
  "I9 ledger = journal": { en: "The orders are those in the journal", id: "Pesanan sama dengan yang ada di jurnal" },
  "I10 journal": {
    en: "The journal has no gap and no changed line",
    id: "Jurnal tanpa celah dan tanpa baris yang diubah",
  },
  "I11 holds": { en: "Every hold ended as it should", id: "Setiap penahanan berakhir semestinya" },
  "I14 price": { en: "Everybody paid the price that was shown", id: "Semua membayar harga yang tertera" },
  "W1 window": {
    en: "Nothing was sold before opening or after closing",
    id: "Tak ada yang terjual sebelum buka atau setelah tutup",
  },
}

/** The check's own name where it has no sentence. */
export function promiseOf(lang: Lang, check: string): string {
  return PROMISES[check]?.[lang] ?? check
}
