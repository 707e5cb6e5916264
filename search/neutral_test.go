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

// oddities are words and signs of other kinds: names of things, makes, shops and people,
// courtesies in several tongues, chat shorthand, amounts with units, punctuation.
const oddities = `kulkas setrika dispenser galon sendok garpu piring mangkuk wajan panci kompor blender oven mixer sapu pel ember
gayung handuk sabun sampo odol sisir cermin kasur bantal guling selimut seprai gorden karpet lampion saklar
stopkontak kabel charger powerbank headset speaker remote televisi mesin cuci kipas angin AC dinding kalender
pigura vas bunga mawar melati anggrek kaktus rumput daun ranting akar kucing anjing kelinci hamster burung merpati
kura kupu semut lalat nyamuk kecoa tikus ular cicak katak harimau gajah zebra alfamart indomaret gojek grab shopee
tokopedia bukalapak lazada traveloka tiket.com netflix spotify telegram line tiktok zoom gmeet canva photoshop word
powerpoint pdf xls csv docx gdrive dropbox indihome telkomsel xl axis smartfren samsung xiaomi oppo vivo iphone
asus lenovo epson canon honda yamaha suzuki toyota avanza xenia innova beat vario nmax pertamax pertalite oli ban
helm jaket sarung kemeja kebaya assalamualaikum wr wb salam punten kulonuwun permios nuwun sewu sugeng enjing
wilujeng ngapunten nuhunkeun horas mejuah juah om swastiastu tabik ngape nak cari ape boi dak tau ape kabar nian
aok lah madah ukan nok agik kawa ikak kamek kelak yuk ayuk bujang dayang met pagi guys bestie gan sist kakanda
adinda mbakyu masbro cuy coy ndan ustadz bunda ayahanda mimin admin operator kakanya abangnya pls plz thx tq ty
asap btw fyi imho lol omg cmiiw otw wkwkwk xixixi hmm eh oh lho kok dong sih deh nah tuh 🙏 👍 😊 ... !!! ??? -- ///
*** () [] @@ ## 10kg 5liter 3m2 20% Rp50.000 2jam 15menit 100gb 4x6 7cm 12inci 250watt 60km/jam 1,5juta kebetulan
sebenarnya barangkali kiranya andaikata seandainya umpamanya misalkan bagaimanapun pokoknya intinya singkatnya
omong-omong ngomong-ngomong ternyata rupanya nyari nyariin ngecek ngintip nengok minjem ngopi ngerjain nugas
skripsian ngetik ngeprint nyetak motret bingungin pusingin tolongin bantuin jawabin balesin dinda rudi siti agus
bambang dewi putri joko susanti herman yuliana fitri ratna hendra lestari wahyu nugroho firman annisa sejarah
geologi psikologi filsafat sastra komunikasi arsitektur elektro mesinnya farmasi akuntansi manajemen hukum minggu
depannya bulan puasa lebaran natal imlek nyepi waisak tahun baruan agustusan liburan cuti bersama weekend senja
subuh magrib isya dzuhur ashar bapaknya ibunya om tante mertua menantu besan cucu cicit tunangan mantan gebetan
sahabat karib musuh tuan nyonya map amplop stempel materai kwitansi nota stopmap binder spidol penggaris penghapus
rautan gunting lem selotip paperclip hekter staples merah kuning hijau biru ungu cokelat hitam putih abu-abu jingga
bulat kotak segitiga lonjong tebal tipis berat ringan kasar halus`

// answered are queries of every kind that are answered well.
var answered = []string{
	"kabupaten belitung timur dalam angka", "pdrb beltim 2022", "ipm belitung timur", "kemiskinan 2018",
	"kecamatan manggar dalam angka 2023", "statistik daerah kecamatan damar 2014", "ntp babel", "potensi desa 2018",
	"produksi padi tahun 2022", "keadaan angkatan kerja", "sensus pertanian 2023", "statistik indonesia 2022",
}

// alsoAnswered are queries that name no title.
var alsoAnswered = []string{
	"luas panen padi 2022", "jumlah penduduk gantung 2021", "pengangguran beltim", "statistik hotel babel 2020",
	"inflasi 2023", "human development index 2020", "pariwisata belitung", "harga cabai", "nilai tukar petani",
	"jumlah guru sd", "perkebunan lada", "sensus penduduk 2020",
	"statistik keuangan pemerintah desa 2019", "potensi desa", "jumlah penduduk per kecamatan",
}

// TestEverydayWordsChangeNothing adds one to three words that mean nothing to a
// catalogue to queries that are answered: the first hit stays.
func TestEverydayWordsChangeNothing(t *testing.T) {
	c, _ := madeCatalogue(t)
	t.Run("titles", func(t *testing.T) { changeNothing(t, c, answered, strings.Fields(everyday)) })
	t.Run("topics", func(t *testing.T) { changeNothing(t, c, alsoAnswered, strings.Fields(oddities)) })
}

func changeNothing(t *testing.T, c *Catalogue, queries, ws []string) {
	t.Helper()
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
	for _, q := range queries {
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
