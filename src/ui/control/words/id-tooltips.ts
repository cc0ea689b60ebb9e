import type { Meanings } from "./en-tooltips.ts"

export const meaningsId: Meanings = {
  unitsSold: "Unit yang sudah menjadi milik pelanggan.",
  unitsHeld: "Unit yang menunggu konfirmasi pelanggannya.",
  unitsFree: "Unit yang dapat dibeli siapa pun sekarang.",
  sold: "Pembelian per detik yang mendapat unit.",
  held: "Pembelian per detik yang mendapat unit untuk dikonfirmasi.",
  limit: "Pembelian per detik yang ditolak karena pelanggan sudah mencapai batasnya.",
  sold_out: "Pembelian per detik yang ditolak karena tak ada unit tersedia. Sebagian besar dijawab dari memori.",
  other: "Pembelian per detik dengan jawaban lain: ulangan, penjualan yang belum dibuka, permintaan yang salah.",
  busy: "Pembelian per detik yang ditolak sebelum mencapai penyimpanan: pasti tanpa akibat.",
  unknown: "Pembelian per detik yang hasilnya tak diketahui tepat waktu. Pembeli mengulang dengan kunci yang sama.",
  rate: "Percobaan pembelian yang dijawab per detik, oleh semua node bersama.",
  p50: "Separuh pembelian dalam detik terakhir dijawab dalam waktu ini.",
  p99: "99 dari 100 pembelian dalam detik terakhir dijawab dalam waktu ini.",
  nodeRate: "Semua jenis permintaan yang dijawab node ini per detik, dihaluskan. Kuerinya hanya menghitung pembelian.",
  nodeP99: "99 dari 100 pembelian yang dijawab node ini dalam 15 detik terakhir tidak lebih lama.",
  memory: "Memori yang dipakai proses node ini.",
  restarts: "Proses node ini yang menggantikan proses lain, apa pun sebabnya.",
  up: "Waktu sejak proses node ini dimulai.",
  gate: "Terbuka selama penyimpanan boleh menjual. Tertutup sendiri bila stok dan catatan harus dibandingkan dulu.",
  lag: "Fakta yang belum ada di catatan permanen. Dalam mode tertanam keduanya satu, jadi tak ada.",
  violations:
    "Berapa kali tersedia, ditahan, dan terjual tidak sama dengan jumlahnya. Harus 0; jika tidak, penyimpanan berhenti.",
  orders: "Pesanan penjualan ini yang telah dibaca audit.",
}
