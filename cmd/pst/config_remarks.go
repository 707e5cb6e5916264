package main

// remark explains a key of pst.toml to who runs the desk. It speaks Indonesian.
type remark struct {
	say string
	// like is an example, of no real office, where nothing holds without the key.
	like any
}

// remarks explain every key and section of [config]; those of [facts] explain
// themselves. A key without a remark fails a test.
var remarks = map[string]remark{
	"secret": {"Kunci yang menyegel data pribadi, 64 angka heksadesimal. Tanpa baris ini dipakai berkas secret.key di " +
		"folder data, yang dibuat pada awal pertama. Simpan salinannya terpisah dari cadangan.", ""},

	"office": {"Kantor. BPS Kabupaten Belitung Timur (kode 1906) sudah dikenal, kunci lain tidak perlu diisi. Kantor " +
		"lain mengisi kode, nama, alamat, telepon, website, email, saluran pengaduan, zona waktu, dan jam layanan.", nil},
	"office.code": {"Kode kantor, empat angka pada alamat email kantor.", "1234"},
	"office.zone": {"Zona waktu: Asia/Jakarta (WIB), Asia/Makassar (WITA), Asia/Jayapura (WIT).", nil},
	"office.hours": {"Jam layanan, satu hari satu isian; hari tanpa isian berarti tutup.",
		[]string{"senin 08:00-15:30", "jumat 08:00-16:00"}},
	"office.holidays":        {"Hari libur kantor sendiri. Libur nasional sudah dikenal.", []string{"2026-12-25"}},
	"office.consent_version": {"Versi teks persetujuan; angka yang lebih besar membuat pembaca ditanya lagi.", nil},
	"office.keep_years": {"Berapa tahun catatan halaman yang sudah dikutip tetap disimpan setelah akun dihapus, " +
		"seperti disebut pada teks persetujuan.", nil},
	"office.genders":      {"Pilihan jenis kelamin pada buku tamu. Setiap daftar pilihan memuat 1 sampai 12 isian.", nil},
	"office.educations":   {"Pilihan pendidikan.", nil},
	"office.occupations":  {"Pilihan pekerjaan.", nil},
	"office.origins":      {"Pilihan asal.", nil},
	"office.disabilities": {"Pilihan disabilitas.", nil},
	"office.purposes":     {"Pilihan keperluan data.", nil},
	"office.categories":   {"Kategori pengaduan.", nil},
	"office.about_staff": {"Kategori tentang petugas, ditulis sama persis: pengaduannya hanya sampai kepada " +
		"atasan (peran kedua).", nil},

	"staff": {"Petugas, satu bagian [[staff]] seorang. Setiap petugas harus menulis sekali kepada bot, karena " +
		"Telegram dan WhatsApp tidak mengizinkan bot menulis lebih dahulu.", nil},
	"staff.name": {"Nama.", "Nama Kasubbag"},
	"staff.role": {"Peran: kasubbag (menjawab pengaduan), kedua (atasan), petugas (meja perpustakaan).", "kasubbag"},
	"staff.addresses": {"Nomor WhatsApp dan ID angka Telegram, yang diutamakan lebih dahulu.",
		[]string{"whatsapp:081200000000", "telegram:987654321"}},
	"staff.days": {"Hari bertugas di meja; tanpa baris ini setiap hari.", []string{"senin", "rabu"}},

	"search":                      {"Pencarian.", nil},
	"search.open_to_unregistered": {"true: judul boleh dicari tanpa mendaftar.", nil},

	"registration": {"Pendaftaran.", nil},
	"registration.profile_first": {"true: profil buku tamu ditanyakan sebelum akun dibuat; false: setelah kutipan " +
		"pertama.", nil},

	"loans":       {"Peminjaman buku cetak.", nil},
	"loans.days":  {"Lama pinjam dalam hari bila petugas tidak menyebut tanggal, 1 sampai 90.", nil},
	"loans.most":  {"Paling banyak buku dan permintaan seorang pembaca pada satu waktu, 1 sampai 20.", nil},
	"loans.staff": {"Siapa yang meminjamkan: kasubbag, kedua, petugas, atau nama seorang petugas.", nil},

	"excerpts": {"Kutipan.", nil},
	"excerpts.strict_offices": {"Kode kantor yang semua publikasinya hanya diberikan sebagai gambar bertanda.",
		[]string{"1234"}},

	"telegram":       {"Telegram. Buat bot lewat @BotFather, lalu isi token dan nama.", nil},
	"telegram.token": {"Token bot; rahasia.", "123456789:AAaaBBbbCCccDDddEEeeFFffGGggHHhhIIi"},
	"telegram.endpoint": {"Alamat server Bot API; hanya diubah bila kantor menjalankan server Bot API sendiri.",
		nil},
	"telegram.protect_content": {"true: aplikasi Telegram menolak meneruskan dan menyimpan kutipan.", nil},
	"telegram.name":            {"Nama pengguna bot, untuk kode QR.", "pst_contoh_bot"},
	"telegram.webhook": {"Alamat https yang dipanggil Telegram pada jalur /telegram, lewat proksi balik; tanpa " +
		"baris ini pesan diambil sendiri (polling).", "https://pst.contoh.go.id/telegram"},
	"telegram.webhook_secret": {"Rahasia setiap panggilan itu, 32 sampai 256 huruf dan angka; tanpa baris ini " +
		"dibuatkan.", ""},
	"telegram.listen": {"Tempat proksi balik menyerahkan panggilan; wajib bila ada webhook.", "127.0.0.1:8080"},

	"whatsapp": {"WhatsApp. Setelah enabled = true tautkan nomor meja di halaman petugas (Kanal) atau dengan pst pair.",
		nil},
	"whatsapp.enabled": {"true: WhatsApp dilayani.", nil},
	"whatsapp.number":  {"Nomor meja sendiri, bukan nomor Kasubbag; untuk kode QR.", "081300000000"},
	"whatsapp.wa_version": {"Versi WhatsApp Web; hanya diisi bila WhatsApp menolak versi yang diambil sendiri.",
		"2.3000.1020000000"},
	"whatsapp.proxy": {"Proksi HTTP atau SOCKS5 menuju WhatsApp.", "socks5://127.0.0.1:1080"},

	"smtp": {"Email keluar: kode verifikasi dan salinan pengaduan. Tanpa bagian ini petugas memverifikasi pembaca " +
		"sendiri.",
		nil},
	"smtp.host":     {"Nama server email.", "smtp.contoh.go.id"},
	"smtp.port":     {"Porta; 0 mengikuti tls: 587, 465, atau 25.", nil},
	"smtp.tls":      {"starttls, tls, atau none.", nil},
	"smtp.user":     {"Nama masuk.", "pst@contoh.go.id"},
	"smtp.password": {"Kata sandi; rahasia.", ""},
	"smtp.from":     {"Pengirim; tanpa baris ini nama dan email kantor.", "PST <pst@contoh.go.id>"},
	"smtp.helo":     {"Nama komputer ini pada salam EHLO; tanpa baris ini domain pengirim.", "pst.contoh.go.id"},
	"smtp.ca_file":  {"Sertifikat PEM otoritas kantor sendiri, di folder data.", "kantor.pem"},

	"imap": {"Kotak surat pengirim, agar surat yang kembali diketahui. Tanpa bagian ini meja bertanya kepada pembaca.",
		nil},
	"imap.host":     {"Nama server kotak surat.", "imap.contoh.go.id"},
	"imap.port":     {"Porta; 0 mengikuti tls: 993 atau 143.", nil},
	"imap.tls":      {"tls, starttls, atau none (hanya di komputer ini).", nil},
	"imap.user":     {"Nama masuk.", "pst@contoh.go.id"},
	"imap.password": {"Kata sandi; rahasia.", ""},
	"imap.folder":   {"Map yang dibaca.", nil},

	"desk": {"Halaman petugas di peramban.", nil},
	"desk.listen": {"Alamat dan porta di komputer ini; tanpa baris ini porta lain dipakai bila 8484 terpakai; off: " +
		"halaman.", nil},
	"desk.url": {"Alamat halaman bagi peramban, bila ada proksi balik di depannya.", "https://meja.contoh.go.id"},

	"disk": {"Ruang disk.", nil},
	"disk.floor_mb": {"Sisa ruang dalam MB; di bawahnya kutipan dan impor berhenti dan petugas diberi tahu. 0: tanpa " +
		"batas.", nil},

	"report": {"Laporan.", nil},
	"report.csv_semicolons": {"true: CSV dengan titik koma dan koma desimal, seperti dibaca Excel berbahasa Indonesia.",
		nil},

	"watch": {"Pemantauan oleh pengelola sistem.", nil},
	"watch.listen": {"Alamat dan porta /healthz dan /metrics, hanya di komputer ini sendiri; tanpa baris ini tidak " +
		"dilayani.", "127.0.0.1:9190"},

	"backup":          {"Cadangan setiap malam; tanpa folder tidak dibuat.", nil},
	"backup.folder":   {"Folder cadangan, sebaiknya di disk lain.", "/media/cadangan/pst"},
	"backup.hour":     {"Mulai jam berapa, menurut zona waktu kantor.", nil},
	"backup.keep":     {"Berapa malam disimpan.", nil},
	"backup.holdings": {"true: termasuk berkas PDF koleksi.", nil},
	"backup.whatsapp": {"true: termasuk perangkat WhatsApp yang tertaut, disegel dengan kunci.", nil},

	"retention":          {"Masa simpan dalam hari; 0 berarti selamanya.", nil},
	"retention.queues":   {"Pesan yang sudah dilayani, agar ulangannya dikenali.", nil},
	"retention.quotes":   {"Pesan bot yang masih dapat dikutip.", nil},
	"retention.letters":  {"Kiriman yang gagal.", nil},
	"retention.chats":    {"Percakapan tanpa akun, sejak pesan terakhir.", nil},
	"retention.readers":  {"Akun pembaca, sejak pesan terakhir; lalu dihapus.", nil},
	"retention.tickets":  {"Isi tiket yang sudah ditutup.", nil},
	"retention.searches": {"Kata pencarian, yang tidak menyebut orang.", nil},
}
