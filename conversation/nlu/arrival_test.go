package nlu

import "testing"

func TestMissing(t *testing.T) {
	l := Default()
	for _, text := range []string{
		"kode belum masuk", "kodenya blm masuk kak", "gak ada email masuk", "belum saya terima kodenya",
		"ga nyampe nyampe min",
		"kodenya mana ya", "mana kodenya kak", "di spam juga ga ada", "emailnya kosong", "kok lama ya", "belum dapet kode",
		"saya tidak menerima apa apa",
		"sampai sekarang belum ada kode yang masuk", "masuknya belum", "i haven't received the code", "no code yet",
		"didn't get it",
		"masih menunggu nih", "kode gak dateng dateng", "udah dicek tapi tidak muncul", "blm sampe", "kode tdk terkirim",
	} {
		if !l.Hear(text).Missing() {
			t.Errorf("%q: not heard", text)
		}
	}
	for _, text := range []string{
		"123456", "kode saya 123 456", "kirim ulang", "ganti email", "ya benar", "salah", "sudah masuk, 123456",
		"kodenya sudah sampai", "petugas",
		"alamat email saya salah ketik", "terima kasih", "tidak", "bukan itu emailnya",
	} {
		if l.Hear(text).Missing() {
			t.Errorf("%q: heard as missing", text)
		}
	}
}
