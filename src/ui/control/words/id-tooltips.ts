import type { TooltipWords } from "./en-tooltips.ts"

export const tooltipsId: TooltipWords = {
  unitsSold: "Unit yang sudah dibeli pelanggan.",
  unitsHeld: "Unit yang ditahan untuk pelanggan yang belum konfirmasi.",
  unitsFree: "Unit yang sekarang bisa dibeli siapa saja.",
  sold: "Pembelian per detik yang berhasil mendapat unit.",
  held: "Pembelian per detik yang unitnya ditahan.",
  limit: "Pembelian per detik yang ditolak karena pelanggan sudah mencapai batas.",
  sold_out: "Pembelian per detik yang ditolak karena tidak ada unit tersedia. Sebagian besar dijawab dari memori.",
  other: "Pembelian per detik dengan hasil lain: pesanan yang diulang, penjualan belum dibuka, permintaan tidak valid.",
  busy: "Pembelian per detik yang ditolak sebelum sampai ke penyimpanan. Tidak ada yang berubah karenanya.",
  unknown:
    "Pembelian per detik yang hasilnya belum diketahui pada waktunya. Pembeli mencoba lagi dengan kunci yang sama.",
  rate: "Percobaan pembelian per detik yang dijawab semua node.",
  p50: "Separuh pembelian dalam satu detik terakhir dijawab dalam waktu ini.",
  p99: "99 dari 100 pembelian dalam satu detik terakhir dijawab dalam waktu ini.",
  nodeRate: "Semua jenis permintaan per detik yang dijawab node ini, dihaluskan. Kuerinya hanya menghitung pembelian.",
  nodeP99: "99 dari 100 pembelian di node ini dalam 15 detik terakhir dijawab dalam waktu ini.",
  memory: "Memori yang dipakai proses node ini.",
  restarts: "Berapa kali proses node ini diganti proses baru, apa pun sebabnya.",
  up: "Waktu sejak proses node ini dimulai.",
  gate: "Terbuka selama penyimpanan boleh menjual. Tertutup sendiri bila stok dan buku besar harus dibandingkan dulu.",
  lag: "Fakta yang belum masuk buku besar. Pada sistem tertanam selalu 0, karena penyimpanan dan buku besar satu berkas.",
  violations:
    "Berapa kali jumlah tersedia, ditahan, dan terjual tidak sama dengan totalnya. Harus 0; jika tidak, penjualan berhenti.",
  orders: "Pesanan penjualan ini yang sudah dibaca audit.",
}
