#!/usr/bin/env bash
# usage: make.sh PST DIR
# Makes the data folder that the upgrade test opens, with an older program PST, in
# DIR: siti is a reader with an excerpt, in the middle of choosing pages; wati's
# complaint is an open ticket, whose card waits because nobody is at the Kasubbag's
# terminal; joko left a complaint half-written; budi is in his registration. All
# people are made up. The packed database and the key are then put beside this script.
set -euo pipefail
pst=$1 dir=$2
say() { # WHO LINE...
  local who=$1
  shift
  printf '%s\n' "$@" | "$pst" talk -data "$dir" -as "$who"
}
rm -rf "$dir"
mkdir -m 700 -p "$dir"
code=$(say siti "jumlah penduduk" 1 "Siti Aminah" 1 1906014107980003 siti@contoh.example |
  sed -n 's/^Kode verifikasi Anda: //p')
say siti "$code" 1998 2 4 1 "SMA Contoh" 1 1 1 2 1
say siti 1 2 1-2 1
say siti 4 kependudukan 1 2
say wati keluhan 1 3 "Saya menunggu satu jam di ruang PST, tidak ada petugas." kirim 3 1
say joko keluhan 1 2 "Tolong tambah kursi di ruang baca" menu "jam buka"
say budi daftar 1 "Budi Santoso" 1
cp "$dir/secret.key" "$(dirname "$0")"
gzip -9nc "$dir/pst.db" >"$(dirname "$0")/pst.db.gz"
