package main

import (
	"context"
	"fmt"
	"time"

	"pst/conversation"
)

// breachCmd gathers what UU 27/2022, article 46, asks for when personal data
// leaked: whom to tell (within 3 x 24 hours, in writing), what was affected, and
// a draft of the notice.
type breachCmd struct {
	Since string `help:"Hari sejak kapan data mungkin terlihat, seperti 2026-11-01." required:""`
}

func (c *breachCmd) Run(ctx context.Context, h *house) error {
	d, err := h.open(ctx)
	if err != nil {
		return err
	}
	defer d.close()
	since, err := time.ParseInLocation(time.DateOnly, c.Since, d.office().Zone)
	if err != nil {
		return usageError{saying("-since tidak terbaca; tulis hari seperti 2026-11-01")}
	}
	w := h.std.out
	fmt.Fprintf(w, "LAPORAN KEBOCORAN DATA - %s\nJangka: %s sampai %s\n\n1. Yang harus diberi tahu (paling lambat 3 x "+
		"24 jam, UU 27/2022 pasal 46):\n", d.office().Name, c.Since, time.Now().In(d.office().Zone).Format(time.DateOnly))
	n := 0
	for r, err := range d.db.Readers(ctx) {
		if err != nil {
			return err
		}
		n++
		fmt.Fprintf(w, "   %s; %s; %s\n", r.Number, r.Name, r.Email)
	}
	fmt.Fprintf(w, "   Jumlah: %d pembaca, dan lembaga pelindungan data pribadi.\n", n)
	fmt.Fprint(w, "\n2. Data yang tersimpan per pembaca: nama, email, jenis kartu dan 4 karakter terakhirnya, profil "+
		"buku tamu,\n   telepon bila diberikan, kunjungan, kutipan, penilaian, pengaduan. Nomor kartu tidak disimpan.\n")
	entries, err := d.db.AuditSince(ctx, since)
	if err != nil {
		return err
	}
	fmt.Fprintf(w, "\n3. Yang tercatat melihat atau mengubah data pribadi sejak %s:\n", c.Since)
	for _, e := range entries {
		fmt.Fprintf(w, "   %s  %s  %s  %s\n", e.At.In(d.office().Zone).Format("2006-01-02 15:04"), e.Who, e.What, e.Subject)
	}
	fmt.Fprintf(w, `
4. Draf pemberitahuan:

   Yth. Bapak/Ibu pembaca perpustakaan PST %s,

   Pada [tanggal] kami mengetahui bahwa data pribadi Bapak/Ibu mungkin telah terlihat oleh pihak yang tidak berhak
   sejak %s, karena [sebab]. Data itu: nama, email, empat karakter terakhir kartu identitas, profil buku tamu, dan
   riwayat layanan. Nomor kartu identitas tidak kami simpan. Yang sudah kami lakukan: [tindakan]. Yang kami sarankan:
   waspadai pesan yang mengatasnamakan kami; kami tidak pernah meminta kode verifikasi.
   Pertanyaan: %s, telepon %s. Bapak/Ibu dapat menghapus data lewat "data saya" di percakapan.
`, d.office().Name, c.Since, d.office().Email, d.office().Telephone)
	return d.db.Note(ctx, conversation.AuditEntry{At: time.Now(), Who: "pst breach-report", What: "all readers listed",
		Subject: c.Since})
}
