package sample

import (
	"fmt"
	"strconv"
	"strings"
)

var (
	subdistricts = []string{"Dendang", "Simpang Pesak", "Gantung", "Simpang Renggiang", "Manggar", "Damar",
		"Kelapa Kampit"}
	gantung = []string{"Selinsing", "Lenggang", "Gantung", "Jangkar Asam", "Limbongan", "Batu Penyu", "Lilangan"}
	sectors = []string{
		"Pertanian, Kehutanan, Perikanan", "Pertambangan dan Penggalian", "Industri Pengolahan", "Pengadaan Listrik dan Gas",
		"Pengadaan Air, Sampah, Limbah", "Konstruksi", "Perdagangan Besar dan Eceran", "Transportasi dan Pergudangan",
		"Akomodasi dan Makan Minum", "Informasi dan Komunikasi", "Jasa Keuangan dan Asuransi", "Real Estat",
		"Jasa Perusahaan",
		"Administrasi Pemerintahan", "Jasa Pendidikan", "Jasa Kesehatan", "Jasa Lainnya",
	}
	sexes = []string{"Laki-laki", "Perempuan", "Jumlah"}
)

// invent makes the figures of a table: rows by columns around a base, the same
// on every run. With total, a last row holds the sums.
func invent(title, head string, rows, columns []string, base int, total string) tabulation {
	t := tabulation{title: title, head: append([]string{head}, columns...)}
	sums := make([]int, len(columns))
	for r, name := range rows {
		cells := []string{name}
		sum := 0
		for c, column := range columns {
			v := base + base*((r*37+c*11+len(title)*7)%61-30)/60
			if column == "Jumlah" && c > 0 {
				v = sum
			}
			sum += v
			sums[c] += v
			cells = append(cells, thousands(v))
		}
		t.rows = append(t.rows, cells)
	}
	if total != "" {
		cells := []string{total}
		for _, s := range sums {
			cells = append(cells, thousands(s))
		}
		t.rows = append(t.rows, cells)
	}
	t.total = total != ""
	highest := t.rows[len(rows)/2]
	t.text = fmt.Sprintf("Menurut tabel contoh ini, %s mencatat %s pada kolom %s.",
		highest[0], highest[len(highest)-1], strings.ToLower(columns[len(columns)-1]))
	return t
}

// thousands writes a number as Indonesian tables do: 12.345.
func thousands(v int) string {
	s := strconv.Itoa(v)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "." + s[i:]
	}
	return s
}

// years are those up to the last that the sample library tells of.
func years(from int) []string {
	var y []string
	for ; from <= 2023; from++ {
		y = append(y, strconv.Itoa(from))
	}
	return y
}

func library() []book {
	return []book{regency(), subdistrict(2022), subdistrict(2023), welfare(), product()}
}

func regency() book {
	in := "Kabupaten Belitung Timur, 2023"
	by := func(what string) string { return what + " Menurut Kecamatan di " + in }
	return book{
		id: "dalam-angka-2024", title: "Kabupaten Belitung Timur Dalam Angka 2024", year: 2024, released: "2024-02-28",
		abstract: "Gambaran ringkas Kabupaten Belitung Timur: geografi dan iklim, pemerintahan, penduduk, sosial, " +
			"pertanian, pariwisata, dan perekonomian tahun 2023. CONTOH dengan angka karangan.",
		catalog: "1102001.1906", number: "19060.2401", shelf: "Rak A1", copies: 2, website: true,
		chapters: []section{
			{title: "Geografi dan Iklim", text: []string{
				"Kabupaten Belitung Timur terletak di bagian timur Pulau Belitung dan terdiri atas tujuh kecamatan. Ibu kotanya " +
					"Manggar. Iklimnya tropis basah dengan curah hujan yang tinggi pada akhir tahun."},
				tables: []tabulation{
					invent(by("Luas Daerah dan Jumlah Pulau"), "Kecamatan", subdistricts, []string{"Luas (km2)", "Pulau"}, 320,
						"Belitung Timur"),
					invent("Jumlah Curah Hujan dan Hari Hujan Menurut Bulan di "+in, "Bulan", []string{"Januari", "Februari", "Maret",
						"April", "Mei", "Juni", "Juli", "Agustus", "September", "Oktober", "November", "Desember"},
						[]string{"Curah hujan (mm)", "Hari hujan"}, 190, ""),
				}},
			{title: "Pemerintahan", text: []string{"Pemerintahan kabupaten membawahi tujuh kecamatan dan tiga puluh sembilan " +
				"desa. Pegawai negeri sipil bekerja pada dinas, badan, dan kecamatan."},
				tables: []tabulation{
					invent(by("Jumlah Desa, Dusun, dan Rukun Tetangga"), "Kecamatan", subdistricts, []string{"Desa", "Dusun", "RT"},
						14, "Belitung Timur"),
					invent(by("Jumlah Pegawai Negeri Sipil dan Jenis Kelamin"), "Kecamatan", subdistricts, sexes, 210,
						"Belitung Timur"),
				}},
			{title: "Penduduk dan Ketenagakerjaan", text: []string{"Penduduk Belitung Timur tersebar paling banyak di " +
				"Kecamatan Manggar dan Kecamatan Gantung. Tingkat pengangguran terbuka dihitung dari angkatan kerja berumur lima " +
				"belas tahun ke atas."},
				tables: []tabulation{
					invent("Jumlah Penduduk Menurut Kecamatan dan Jenis Kelamin di "+in, "Kecamatan", subdistricts, sexes, 9300,
						"Belitung Timur"),
					invent(by("Kepadatan Penduduk dan Rasio Jenis Kelamin"), "Kecamatan", subdistricts,
						[]string{"Jiwa per km2", "Rasio"}, 60, ""),
					invent("Jumlah Penduduk Menurut Kelompok Umur dan Jenis Kelamin di "+in, "Kelompok umur",
						[]string{"0-4", "5-9", "10-14", "15-19", "20-24", "25-29", "30-34", "35-39", "40-44", "45-49", "50-54", "55-59",
							"60-64", "65+"}, sexes, 4700, "Jumlah"),
					invent("Angkatan Kerja dan Tingkat Pengangguran Terbuka di Kabupaten Belitung Timur", "Uraian",
						[]string{"Bekerja", "Pengangguran", "Sekolah", "Mengurus rumah tangga"}, years(2021), 12000, ""),
				}},
			{title: "Sosial dan Kesejahteraan Rakyat",
				text: []string{"Bab ini memuat pendidikan, kesehatan, agama, dan kemiskinan. Garis kemiskinan disajikan dalam " +
					"rupiah per kapita sebulan."},
				tables: []tabulation{
					invent(by("Jumlah Sekolah, Guru, dan Murid Sekolah Dasar"), "Kecamatan", subdistricts,
						[]string{"Sekolah", "Guru", "Murid"}, 130, "Belitung Timur"),
					invent(by("Jumlah Tenaga Kesehatan: Dokter, Perawat, dan Bidan"), "Kecamatan", subdistricts,
						[]string{"Dokter", "Perawat", "Bidan"}, 24, "Belitung Timur"),
					invent("Garis Kemiskinan dan Jumlah Penduduk Miskin di Kabupaten Belitung Timur", "Tahun", years(2018),
						[]string{"Garis (rupiah)", "Penduduk miskin"}, 9000, ""),
					invent(by("Jumlah Tempat Peribadatan"), "Kecamatan", subdistricts, []string{"Masjid", "Mushola", "Gereja",
						"Vihara"}, 18, "Belitung Timur"),
				}},
			{title: "Pertanian dan Perikanan", text: []string{
				"Padi sawah ditanam terutama di Kecamatan Gantung dan Dendang. " +
					"Lada dan kelapa sawit adalah tanaman perkebunan utama, " +
					"dan perikanan laut menghidupi banyak rumah tangga pesisir.",
			},
				tables: []tabulation{
					invent(by("Luas Panen, Produktivitas, dan Produksi Padi"), "Kecamatan", subdistricts,
						[]string{"Luas panen (ha)", "Ku/ha", "Produksi (ton)"}, 410, "Belitung Timur"),
					invent(by("Luas Panen dan Produksi Cabai dan Sayuran"), "Kecamatan", subdistricts,
						[]string{"Luas panen (ha)", "Produksi (ku)"}, 95, "Belitung Timur"),
					invent(by("Luas Areal dan Produksi Lada"), "Kecamatan", subdistricts, []string{"Luas (ha)", "Produksi (ton)"}, 620,
						"Belitung Timur"),
					invent(by("Produksi Perikanan Tangkap dan Budidaya"), "Kecamatan", subdistricts,
						[]string{"Tangkap (ton)", "Budidaya (ton)"}, 3100, "Belitung Timur"),
				}},
			{title: "Pariwisata dan Transportasi", text: []string{"Kunjungan wisatawan ke pantai dan museum meningkat kembali " +
				"sesudah pandemi. Jalan kabupaten menurut jenis permukaan disajikan dalam kilometer."},
				tables: []tabulation{
					invent(by("Jumlah Hotel, Kamar, dan Wisatawan"), "Kecamatan", subdistricts,
						[]string{"Hotel", "Kamar", "Wisatawan"}, 140, "Belitung Timur"),
					invent(by("Panjang Jalan dan Jenis Permukaan"), "Kecamatan", subdistricts, []string{"Aspal (km)", "Kerikil (km)",
						"Tanah (km)"}, 58, "Belitung Timur"),
				}},
			{title: "Pendapatan Regional", text: []string{"Produk Domestik Regional Bruto (PDRB) menggambarkan nilai tambah " +
				"seluruh lapangan usaha. Laju pertumbuhan ekonomi dihitung dari PDRB atas dasar harga konstan."},
				tables: []tabulation{
					invent("PDRB Atas Dasar Harga Berlaku Menurut Lapangan Usaha di Kabupaten Belitung Timur (miliar rupiah)",
						"Lapangan usaha", sectors, years(2021), 640, "PDRB"),
					invent("Laju Pertumbuhan Ekonomi dan Inflasi di Kabupaten Belitung Timur", "Tahun", years(2018),
						[]string{"Pertumbuhan", "Inflasi"}, 5, ""),
				}},
		},
	}
}

// subdistrict is one edition of a series that has two.
func subdistrict(year int) book {
	before := strconv.Itoa(year - 1)
	by := func(what string) string { return what + " Menurut Desa di Kecamatan Gantung, " + before }
	b := book{
		id: "gantung-" + strconv.Itoa(year), title: "Kecamatan Gantung Dalam Angka " + strconv.Itoa(year), year: year,
		released: strconv.Itoa(year) + "-09-26",
		abstract: "Data Kecamatan Gantung tahun " + before +
			" menurut desa: penduduk, pendidikan, kesehatan, pertanian, dan perdagangan. CONTOH dengan angka karangan.",
		catalog: "1102001.1906030", number: "19060." + strconv.Itoa(year%100) + "05", shelf: "Rak A2", copies: 1,
		askable: true,
		chapters: []section{
			{title: "Geografi dan Pemerintahan", text: []string{"Kecamatan Gantung terdiri atas tujuh desa. Kantor camat " +
				"berada di Desa Lenggang, di tepi Sungai Lenggang."},
				tables: []tabulation{
					invent(by("Luas Daerah dan Jarak ke Ibu Kota Kecamatan"), "Desa", gantung, []string{"Luas (km2)", "Jarak (km)"},
						70, "Kecamatan Gantung"),
					invent(by("Jumlah Dusun, RW, dan RT"), "Desa", gantung, []string{"Dusun", "RW", "RT"}, 9, "Kecamatan Gantung"),
				}},
			{title: "Penduduk", text: []string{"Jumlah penduduk Kecamatan Gantung terus bertambah. Desa Lenggang adalah desa " +
				"dengan penduduk terbanyak."},
				tables: []tabulation{
					invent("Jumlah Penduduk Menurut Desa dan Jenis Kelamin di Kecamatan Gantung, "+before, "Desa", gantung, sexes,
						2100, "Kecamatan Gantung"),
					invent(by("Jumlah Keluarga dan Kepadatan Penduduk"), "Desa", gantung, []string{"Keluarga", "Jiwa per km2"}, 640,
						""),
				}},
			{title: "Sosial", text: []string{"Fasilitas pendidikan dan kesehatan tersedia di setiap desa. Jumlah murid dan " +
				"guru dicatat pada awal tahun ajaran."},
				tables: []tabulation{
					invent(by("Jumlah Sekolah Menurut Jenjang"), "Desa", gantung, []string{"TK", "SD", "SMP", "SMA"}, 3,
						"Kecamatan Gantung"),
					invent(by("Jumlah Tenaga Kesehatan"), "Desa", gantung, []string{"Dokter", "Perawat", "Bidan"}, 4,
						"Kecamatan Gantung"),
				}},
			{title: "Pertanian", text: []string{"Padi sawah dan lada adalah tanaman utama. Luas panen padi tercatat dalam " +
				"hektare menurut desa."},
				tables: []tabulation{
					invent(by("Luas Panen dan Produksi Padi Sawah"), "Desa", gantung, []string{"Luas panen (ha)", "Produksi (ton)"},
						180, "Kecamatan Gantung"),
					invent(by("Jumlah Ternak Sapi, Kambing, dan Ayam"), "Desa", gantung, []string{"Sapi", "Kambing", "Ayam"}, 240,
						"Kecamatan Gantung"),
				}},
		},
	}
	return b
}

func welfare() book {
	of := " di Kabupaten Belitung Timur"
	return book{
		id: "kesra-2023", title: "Indikator Kesejahteraan Rakyat Kabupaten Belitung Timur 2023", year: 2023,
		released: "2023-12-20",
		abstract: "Tingkat kesejahteraan rakyat menurut kependudukan, kesehatan, pendidikan, ketenagakerjaan, pengeluaran, " +
			"perumahan, dan kemiskinan. CONTOH dengan angka karangan.",
		catalog: "4102004.1906", number: "19060.2312", shelf: "Rak B1", copies: 1,
		chapters: []section{
			{title: "Kemiskinan", text: []string{
				"Kemiskinan diukur dengan kemampuan memenuhi kebutuhan dasar. " +
					"Penduduk miskin adalah penduduk dengan pengeluaran per kapita sebulan di bawah garis kemiskinan.",
				"Persentase penduduk miskin, indeks kedalaman kemiskinan, " +
					"dan indeks keparahan kemiskinan disajikan menurut tahun.",
			},
				tables: []tabulation{
					invent("Garis Kemiskinan, Jumlah dan Persentase Penduduk Miskin"+of, "Tahun", years(2017),
						[]string{"Garis (ribu)", "Jumlah", "Persen"}, 520, ""),
					invent("Indeks Kedalaman dan Keparahan Kemiskinan"+of, "Tahun", years(2017), []string{"Kedalaman", "Keparahan"},
						90, ""),
				}},
			{title: "Pendidikan", text: []string{"Angka partisipasi sekolah, rata-rata lama sekolah, dan harapan lama sekolah " +
				"adalah bagian dari indeks pembangunan manusia (IPM)."},
				tables: []tabulation{
					invent("Angka Partisipasi Sekolah Menurut Kelompok Umur"+of, "Umur", []string{"7-12", "13-15", "16-18", "19-24"},
						years(2021), 80, ""),
					invent("Rata-rata Lama Sekolah dan Harapan Lama Sekolah"+of, "Tahun", years(2018),
						[]string{"Rata-rata", "Harapan"}, 10, ""),
				}},
			{title: "Kesehatan dan Perumahan", text: []string{"Umur harapan hidup, keluhan kesehatan, sumber air minum layak, " +
				"dan sanitasi layak menggambarkan derajat kesehatan."},
				tables: []tabulation{
					invent("Umur Harapan Hidup dan Indeks Pembangunan Manusia"+of, "Tahun", years(2018),
						[]string{"Harapan hidup", "IPM"}, 70, ""),
					invent("Persentase Rumah Tangga Menurut Sumber Air Minum"+of, "Sumber air minum", []string{"Air kemasan", "Leding",
						"Sumur terlindung", "Mata air"}, years(2021), 24, ""),
				}},
			{title: "Ketenagakerjaan dan Pengeluaran",
				text: []string{"Tingkat partisipasi angkatan kerja dan pengeluaran per kapita menurut jenis dirinci untuk " +
					"makanan dan bukan makanan."},
				tables: []tabulation{
					invent("Tingkat Partisipasi Angkatan Kerja dan Pengangguran Terbuka"+of, "Tahun", years(2018),
						[]string{"TPAK", "TPT"}, 60, ""),
					invent("Rata-rata Pengeluaran per Kapita Sebulan Menurut Jenis"+of, "Jenis", []string{"Makanan", "Bukan makanan",
						"Jumlah"}, years(2021), 690000, ""),
				}},
		},
	}
}

func product() book {
	of := " Kabupaten Belitung Timur, 2019-2023"
	return book{
		id: "pdrb-2023", title: "Produk Domestik Regional Bruto Kabupaten Belitung Timur Menurut Lapangan Usaha 2019-2023",
		year: 2023, released: "2024-04-05",
		abstract: "PDRB menurut tujuh belas lapangan usaha atas dasar harga berlaku dan harga konstan 2010, distribusi, " +
			"dan laju pertumbuhan. CONTOH dengan angka karangan.",
		catalog: "9302021.1906", number: "19060.2407",
		chapters: []section{
			{title: "Konsep dan Definisi", text: []string{"Produk Domestik Regional Bruto (PDRB) adalah jumlah nilai tambah " +
				"bruto yang timbul dari seluruh lapangan usaha di suatu daerah. Harga berlaku memakai harga pada tahun berjalan; " +
				"harga konstan memakai harga tahun 2010."}},
			{title: "Struktur Ekonomi", text: []string{"Lapangan usaha pertanian, pertambangan, dan industri pengolahan " +
				"memberi sumbangan terbesar."},
				tables: []tabulation{
					invent("PDRB Atas Dasar Harga Berlaku Menurut Lapangan Usaha"+of+" (miliar rupiah)", "Lapangan usaha", sectors,
						years(2019), 610, "PDRB"),
					invent("PDRB Atas Dasar Harga Konstan 2010 Menurut Lapangan Usaha"+of+" (miliar rupiah)", "Lapangan usaha",
						sectors, years(2019), 410, "PDRB"),
					invent("Distribusi Persentase PDRB Menurut Lapangan Usaha"+of, "Lapangan usaha", sectors, years(2019), 6, ""),
				}},
			{title: "Pertumbuhan Ekonomi", text: []string{"Laju pertumbuhan ekonomi sempat turun pada tahun pandemi dan pulih " +
				"sesudahnya."},
				tables: []tabulation{
					invent("Laju Pertumbuhan PDRB Harga Konstan Menurut Lapangan Usaha"+of, "Lapangan usaha", sectors, years(2019), 5,
						""),
					invent("PDRB per Kapita dan Pertumbuhannya"+of, "Tahun", years(2019), []string{"Per kapita (ribu)", "Tumbuh"},
						71000, ""),
				}},
		},
	}
}
