package search

import (
	"context"
	"math/rand/v2"
	"strings"
	"testing"

	"pst/conversation"
)

// everyday are words that people write around a question, of many walks of life;
// they are no list of the program's.
const everyday = `edisi cetakan seri jilid nomor rilis baca membaca halaman online gratis detail excel foto proposal magang deadline
kemarin paling sejak besoknya lusanya minggu depan barusan tadi nanti kapanpun selalu pernah sering jarang mungkin pasti semoga
syukur sayang capek bingung senang sedih marah takut berani malu rajin malas pintar bodoh cantik keren mantap asyik
seru lucu aneh hebat payah lumayan cukup kurang lebih hampir hanya cuma justru malah padahal walaupun meskipun namun tetapi
sehingga maka lalu kemudian akhirnya awalnya pertama kedua ketiga terus langsung cepetan buruan pelan santai sebentar dulu
kantor ruangan meja kursi pintu jendela lemari rak laptop komputerku printer kertas pulpen pensil tas sepatu baju celana topi
kacamata kopi teh gula roti nasi mie bakso sate soto sambal tempe tahu telepon whatsapp instagram facebook twitter youtube
google browser website aplikasi akun sandi kode nama alamat surel email formulir lampiran halamannya bagian lembar salinan
fotokopi scan jepret kamera video suara rekaman musik gitar sepakbola badminton renang lari jogging sepeda gunung pantai
hujan panas dingin mendung cerah angin petir malamnya paginya siangnya sorenya jumat sabtu ahad senin selasa rabu kamis
kuliahku kampusku dosenku skripsiku tesisku semesterku ujian nilaiku ipk beasiswa wisuda sarjana magister doktor profesor
UBB unsri undip ugm ui itb unpad paman bibi kakek nenek adik sepupu teman tetangga bos atasan rekan klien tamu pasangan
rumahku kamarku dapur garasi halamanmu kebunku motorku mobilku bensin parkir macet jalanan terminal tol jembatan lampu
serius jujur bohong rahasia pribadi umum khusus spesial biasa penting darurat mendesak urgent butuhnya perlunya maunya
kirimkanlah tolonglah silakan monggo hatur nuhun matur suwun mantul gaskeun wkwk hehe hihi haha duh aduh astaga alhamdulillah
insyaallah bismillah masyaallah nggih inggih siapp okelah gitu gini begitu begini sini situ sana ujung pojok samping belakang`

// answered are queries of every kind that are answered well.
var answered = []string{
	"kabupaten belitung timur dalam angka", "pdrb beltim 2022", "ipm belitung timur", "kemiskinan 2018",
	"kecamatan manggar dalam angka 2023", "statistik daerah kecamatan damar 2014", "ntp babel", "potensi desa 2018",
	"produksi padi tahun 2022", "keadaan angkatan kerja", "sensus pertanian 2023", "statistik indonesia 2022",
}

// TestEverydayWordsChangeNothing adds one to three words that mean nothing to a
// catalogue to queries that are answered: the first hit stays.
func TestEverydayWordsChangeNothing(t *testing.T) {
	c := mustOpen(t, t.TempDir(), newLibrary(generate(t, 0)...))
	ws := strings.Fields(everyday)
	if len(ws) < 200 {
		t.Fatalf("only %d words", len(ws))
	}
	random := rand.New(rand.NewPCG(1, 2))
	top := func(text string) string {
		res, err := c.Search(context.Background(), conversation.Query{Text: text})
		must(t, err)
		if len(res.Hits) == 0 {
			return ""
		}
		return res.Hits[0].Title
	}
	changed, asked := 0, 0
	for _, q := range answered {
		want := top(q)
		if want == "" {
			t.Fatalf("%q is not answered", q)
		}
		for i, w := range ws {
			add := []string{w}
			for range i % 3 {
				add = append(add, ws[random.IntN(len(ws))])
			}
			text := q + " " + strings.Join(add, " ")
			if i%2 == 1 {
				text = add[0] + " " + q + " " + strings.Join(add[1:], " ")
			}
			asked++
			switch got := top(text); got {
			case want:
			case "":
				t.Errorf("%q: nothing; without the words %q", text, want)
			default:
				changed++
				t.Logf("%q: %q, without the words %q", text, got, want)
			}
		}
	}
	t.Logf("%d of %d first hits changed", changed, asked)
	if changed*100 > 2*asked {
		t.Errorf("%d of %d first hits changed", changed, asked)
	}
}
