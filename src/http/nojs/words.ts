export type PageLanguage = "en" | "id"

/** Every text of the pages without scripts, in both languages. */
const en = {
  left: (free: string, total: string) => `${free} of ${total} left`,
  buy: (price: string) => `Buy now · ${price}`,
  buyChosen: "Buy now",
  choose: "Choose one",
  safe: "It is safe to press more than once: this form buys only once.",
  askAgain: "Ask again",
  opensAt: "Opens",
  opensItself: "This page opens by itself.",
  calendar: "Add to your calendar",
  checking: "We do not know yet. Ask again: you will not be charged twice.",
  busy: "Very many people are buying right now. Nothing was bought; press again.",
  gate: "We are making sure that every unit is counted. Nothing was bought; press again.",
  soldOut: "Sold out.",
  allHeld: "All units are in someone’s hands. Some may come back: look again soon.",
  limitReached: "You already have yours.",
  paused: "A short pause. Please look again soon.",
  closed: "This sale has ended.",
  notOpen: "Not open yet.",
  stranger: "Your browser did not send its cookie, so we do not know who is buying. Nothing was bought; press again.",
  signIn: "This shop sells to signed-in customers only. Sign in at the shop, then come back.",
  fault: "Something went wrong. Nothing was bought.",
  nothing: "Nothing is on sale yet.",
  others: "Other sales",
  proof: "See the proof",

  yours: "It’s yours.",
  held: "Held for you.",
  released: "Given back.",
  expired: "Your time ran out, so the unit is on sale again.",
  order: "Order",
  item: "Item",
  quantity: "Units",
  total: "Total",
  boughtAt: "Bought",
  keepUntil: "Confirm before",
  confirm: "Confirm",
  giveBack: "Give it back",
  receipt: "Receipt",
  download: "Download",
  print: "Print",
  back: "Back to the sale",
  noOrder: "There is no such order, or it is not yours.",

  proofTitle: "The proof",
  proofKept: "Every promise is kept.",
  proofBroken: "A promise is broken.",
  proofLater: "The books are still open. The proof is ready once every unit is sold or the sale has ended.",
  proofSold: (sold: string, total: string) => `${sold} of ${total} units sold, each exactly once.`,
  proofTook: (duration: string) => `Sold out ${duration} after opening.`,
  proofMade: (time: string) => `This proof was finished at ${time} UTC.`,
  proofHash: "Fingerprint of the journal",
  proofHashMore:
    "Each line of the journal is chained to the one before, so changing any line changes this fingerprint.",
  kept: "kept",
  broken: "broken",
  seconds: (value: string) => `${value} seconds`,
  minutes: (value: string) => `${value} minutes`,
  hours: (value: string) => `${value} hours`,
}

export type PageTexts = typeof en

const id: PageTexts = {
  left: (free, total) => `Tersisa ${free} dari ${total}`,
  buy: price => `Beli sekarang · ${price}`,
  buyChosen: "Beli sekarang",
  choose: "Pilih salah satu",
  safe: "Tekan saja tanpa ragu: formulir ini hanya membeli sekali, meski terkirim berkali-kali.",
  askAgain: "Cek lagi",
  opensAt: "Dibuka",
  opensItself: "Halaman ini akan terbuka otomatis.",
  calendar: "Tambahkan ke kalender",
  checking: "Kami belum tahu hasilnya. Cek lagi: kamu tidak akan ditagih dua kali.",
  busy: "Sedang ramai sekali. Belum ada yang terbeli; tekan lagi.",
  gate: "Kami sedang memastikan setiap unit terhitung. Belum ada yang terbeli; tekan lagi.",
  soldOut: "Habis.",
  allHeld: "Semua unit sedang dipegang pembeli lain. Mungkin ada yang kembali: cek lagi sebentar lagi.",
  limitReached: "Kamu sudah punya.",
  paused: "Dijeda sebentar. Cek lagi sebentar lagi.",
  closed: "Penjualan ini sudah berakhir.",
  notOpen: "Belum dibuka.",
  stranger:
    "Peramban kamu tidak mengirim cookie, jadi kami tidak tahu siapa yang membeli. Belum ada yang terbeli; tekan lagi.",
  signIn: "Toko ini hanya melayani pelanggan yang sudah masuk. Masuk dulu di toko, lalu kembali ke sini.",
  fault: "Terjadi kesalahan. Tidak ada yang terbeli.",
  nothing: "Belum ada yang dijual.",
  others: "Penjualan lain",
  proof: "Lihat buktinya",

  yours: "Ini milikmu.",
  held: "Disimpan untukmu.",
  released: "Sudah dikembalikan.",
  expired: "Waktumu habis, jadi unitnya dijual lagi.",
  order: "Pesanan",
  item: "Barang",
  quantity: "Jumlah",
  total: "Total",
  boughtAt: "Waktu pembelian",
  keepUntil: "Konfirmasi sebelum",
  confirm: "Konfirmasi",
  giveBack: "Kembalikan",
  receipt: "Kuitansi",
  download: "Unduh",
  print: "Cetak",
  back: "Kembali ke penjualan",
  noOrder: "Pesanan itu tidak ada, atau bukan milikmu.",

  proofTitle: "Bukti",
  proofKept: "Semua janji ditepati.",
  proofBroken: "Ada janji yang dilanggar.",
  proofLater: "Pembukuan masih berjalan. Bukti tersedia setelah semua unit terjual atau penjualan berakhir.",
  proofSold: (sold, total) => `${sold} dari ${total} unit terjual, masing-masing tepat satu kali.`,
  proofTook: duration => `Habis dalam ${duration} setelah dibuka.`,
  proofMade: time => `Bukti ini selesai dibuat pada ${time} UTC.`,
  proofHash: "Sidik jari jurnal",
  proofHashMore:
    "Setiap baris jurnal terikat pada baris sebelumnya, jadi mengubah satu baris saja akan mengubah sidik jari ini.",
  kept: "ditepati",
  broken: "dilanggar",
  seconds: value => `${value} detik`,
  minutes: value => `${value} menit`,
  hours: value => `${value} jam`,
}

export function textsIn(lang: PageLanguage): PageTexts {
  return lang === "id" ? id : en
}

/** What each check of the audit promises to customers. */
const PROMISES: Record<string, Record<PageLanguage, string>> = {
  "I1 conserve": {
    en: "Every unit is accounted for at every moment",
    id: "Setiap unit tercatat di setiap saat",
  },
  "I2 no oversell": { en: "Never more sold than there were", id: "Tidak pernah menjual lebih dari yang ada" },
  "I3 no leak": { en: "No unit was lost or forgotten", id: "Tidak ada unit yang hilang atau terlupakan" },
  "I4 limit": { en: "Nobody has more than the limit", id: "Tidak ada yang membeli melebihi batas" },
  "I8 idempotent": {
    en: "One press, one order, however often it was repeated",
    id: "Sekali tekan, satu pesanan, berapa kali pun diulang",
  },
  "I9 ledger = journal": { en: "The orders match the journal", id: "Pesanan cocok dengan jurnal" },
  "I10 journal": {
    en: "The journal has no gap and no changed line",
    id: "Jurnal utuh, tanpa baris yang hilang atau diubah",
  },
  "I11 holds": {
    en: "Every hold ended as it should",
    id: "Setiap unit yang ditahan dibeli atau dilepas semestinya",
  },
  "I14 price": { en: "Everybody paid the price that was shown", id: "Semua membayar harga yang tertera" },
  "W1 window": {
    en: "Nothing was sold before opening or after closing",
    id: "Tidak ada yang terjual sebelum dibuka atau setelah ditutup",
  },
}

/** What a check of the audit promises; its own name if it has no sentence here. */
export function promiseOf(lang: PageLanguage, check: string): string {
  return PROMISES[check]?.[lang] ?? check
}
