package subset

import (
	"strconv"
	"strings"
	"sync"

	"golang.org/x/text/encoding/charmap"
)

// cffStrings are the standard strings of CFF by number (Adobe Technical Note
// 5176, appendix A).
const cffStrings = `
.notdef space exclam quotedbl numbersign dollar percent ampersand quoteright parenleft parenright asterisk plus
comma hyphen period slash zero one two three four five six seven eight nine colon semicolon less equal greater
question at A B C D E F G H I J K L M N O P Q R S T U V W X Y Z bracketleft backslash bracketright asciicircum
underscore quoteleft a b c d e f g h i j k l m n o p q r s t u v w x y z braceleft bar braceright asciitilde
exclamdown cent sterling fraction yen florin section currency quotesingle quotedblleft guillemotleft
guilsinglleft guilsinglright fi fl endash dagger daggerdbl periodcentered paragraph bullet quotesinglbase
quotedblbase quotedblright guillemotright ellipsis perthousand questiondown grave acute circumflex tilde macron
breve dotaccent dieresis ring cedilla hungarumlaut ogonek caron emdash AE ordfeminine Lslash Oslash OE
ordmasculine ae dotlessi lslash oslash oe germandbls onesuperior logicalnot mu trademark Eth onehalf plusminus
Thorn onequarter divide brokenbar degree thorn threequarters twosuperior registered minus eth multiply
threesuperior copyright Aacute Acircumflex Adieresis Agrave Aring Atilde Ccedilla Eacute Ecircumflex Edieresis
Egrave Iacute Icircumflex Idieresis Igrave Ntilde Oacute Ocircumflex Odieresis Ograve Otilde Scaron Uacute
Ucircumflex Udieresis Ugrave Yacute Ydieresis Zcaron aacute acircumflex adieresis agrave aring atilde ccedilla
eacute ecircumflex edieresis egrave iacute icircumflex idieresis igrave ntilde oacute ocircumflex odieresis
ograve otilde scaron uacute ucircumflex udieresis ugrave yacute ydieresis zcaron exclamsmall Hungarumlautsmall
dollaroldstyle dollarsuperior ampersandsmall Acutesmall parenleftsuperior parenrightsuperior twodotenleader
onedotenleader zerooldstyle oneoldstyle twooldstyle threeoldstyle fouroldstyle fiveoldstyle sixoldstyle
sevenoldstyle eightoldstyle nineoldstyle commasuperior threequartersemdash periodsuperior questionsmall
asuperior bsuperior centsuperior dsuperior esuperior isuperior lsuperior msuperior nsuperior osuperior rsuperior
ssuperior tsuperior ff ffi ffl parenleftinferior parenrightinferior Circumflexsmall hyphensuperior Gravesmall
Asmall Bsmall Csmall Dsmall Esmall Fsmall Gsmall Hsmall Ismall Jsmall Ksmall Lsmall Msmall Nsmall Osmall Psmall
Qsmall Rsmall Ssmall Tsmall Usmall Vsmall Wsmall Xsmall Ysmall Zsmall colonmonetary onefitted rupiah Tildesmall
exclamdownsmall centoldstyle Lslashsmall Scaronsmall Zcaronsmall Dieresissmall Brevesmall Caronsmall
Dotaccentsmall Macronsmall figuredash hypheninferior Ogoneksmall Ringsmall Cedillasmall questiondownsmall
oneeighth threeeighths fiveeighths seveneighths onethird twothirds zerosuperior foursuperior fivesuperior
sixsuperior sevensuperior eightsuperior ninesuperior zeroinferior oneinferior twoinferior threeinferior
fourinferior fiveinferior sixinferior seveninferior eightinferior nineinferior centinferior dollarinferior
periodinferior commainferior Agravesmall Aacutesmall Acircumflexsmall Atildesmall Adieresissmall Aringsmall
AEsmall Ccedillasmall Egravesmall Eacutesmall Ecircumflexsmall Edieresissmall Igravesmall Iacutesmall
Icircumflexsmall Idieresissmall Ethsmall Ntildesmall Ogravesmall Oacutesmall Ocircumflexsmall Otildesmall
Odieresissmall OEsmall Oslashsmall Ugravesmall Uacutesmall Ucircumflexsmall Udieresissmall Yacutesmall
Thornsmall Ydieresissmall 001.000 001.001 001.002 001.003 Black Bold Book Light Medium Regular Roman Semibold
`

// macNames are the glyphs of the Macintosh's order, by which tables post tell
// names (OpenType, post).
const macNames = `
.notdef .null nonmarkingreturn space exclam quotedbl numbersign dollar percent ampersand quotesingle parenleft
parenright asterisk plus comma hyphen period slash zero one two three four five six seven eight nine colon
semicolon less equal greater question at A B C D E F G H I J K L M N O P Q R S T U V W X Y Z bracketleft
backslash bracketright asciicircum underscore grave a b c d e f g h i j k l m n o p q r s t u v w x y z
braceleft bar braceright asciitilde Adieresis Aring Ccedilla Eacute Ntilde Odieresis Udieresis aacute agrave
acircumflex adieresis atilde aring ccedilla eacute egrave ecircumflex edieresis iacute igrave icircumflex
idieresis ntilde oacute ograve ocircumflex odieresis otilde uacute ugrave ucircumflex udieresis dagger degree
cent sterling section bullet paragraph germandbls registered copyright trademark acute dieresis notequal AE
Oslash infinity plusminus lessequal greaterequal yen mu partialdiff summation product pi integral ordfeminine
ordmasculine Omega ae oslash questiondown exclamdown logicalnot radical florin approxequal Delta guillemotleft
guillemotright ellipsis nonbreakingspace Agrave Atilde Otilde OE oe endash emdash quotedblleft quotedblright
quoteleft quoteright divide lozenge ydieresis Ydieresis fraction currency guilsinglleft guilsinglright fi fl
daggerdbl periodcentered quotesinglbase quotedblbase perthousand Acircumflex Ecircumflex Aacute Edieresis Egrave
Iacute Icircumflex Idieresis Igrave Oacute Ocircumflex apple Ograve Uacute Ucircumflex Ugrave dotlessi
circumflex tilde macron breve dotaccent ring cedilla hungarumlaut ogonek caron Lslash lslash Scaron scaron
Zcaron zcaron brokenbar Eth eth Yacute yacute Thorn thorn minus multiply onesuperior twosuperior threesuperior
onehalf onequarter threequarters franc Gbreve gbreve Idotaccent Scedilla scedilla Cacute cacute Ccaron ccaron
dcroat
`

// latin are the Unicode values of the glyphs of Latin fonts (Adobe Glyph List).
const latin = `
space=20 exclam=21 quotedbl=22 numbersign=23 dollar=24 percent=25 ampersand=26 quoteright=2019 parenleft=28
parenright=29 asterisk=2A plus=2B comma=2C hyphen=2D period=2E slash=2F zero=30 one=31 two=32 three=33 four=34
five=35 six=36 seven=37 eight=38 nine=39 colon=3A semicolon=3B less=3C equal=3D greater=3E question=3F at=40
A=41 B=42 C=43 D=44 E=45 F=46 G=47 H=48 I=49 J=4A K=4B L=4C M=4D N=4E O=4F P=50 Q=51 R=52 S=53 T=54 U=55 V=56
W=57 X=58 Y=59 Z=5A bracketleft=5B backslash=5C bracketright=5D asciicircum=5E underscore=5F quoteleft=2018 a=61
b=62 c=63 d=64 e=65 f=66 g=67 h=68 i=69 j=6A k=6B l=6C m=6D n=6E o=6F p=70 q=71 r=72 s=73 t=74 u=75 v=76 w=77
x=78 y=79 z=7A braceleft=7B bar=7C braceright=7D asciitilde=7E exclamdown=A1 cent=A2 sterling=A3 fraction=2044
yen=A5 florin=192 section=A7 currency=A4 quotesingle=27 quotedblleft=201C guillemotleft=AB guilsinglleft=2039
guilsinglright=203A fi=FB01 fl=FB02 endash=2013 dagger=2020 daggerdbl=2021 periodcentered=B7 paragraph=B6
bullet=2022 quotesinglbase=201A quotedblbase=201E quotedblright=201D guillemotright=BB ellipsis=2026
perthousand=2030 questiondown=BF grave=60 acute=B4 circumflex=2C6 tilde=2DC macron=AF breve=2D8 dotaccent=2D9
dieresis=A8 ring=2DA cedilla=B8 hungarumlaut=2DD ogonek=2DB caron=2C7 emdash=2014 AE=C6 ordfeminine=AA
Lslash=141 Oslash=D8 OE=152 ordmasculine=BA ae=E6 dotlessi=131 lslash=142 oslash=F8 oe=153 germandbls=DF
onesuperior=B9 logicalnot=AC mu=B5 trademark=2122 Eth=D0 onehalf=BD plusminus=B1 Thorn=DE onequarter=BC
divide=F7 brokenbar=A6 degree=B0 thorn=FE threequarters=BE twosuperior=B2 registered=AE minus=2212 eth=F0
multiply=D7 threesuperior=B3 copyright=A9 Aacute=C1 Acircumflex=C2 Adieresis=C4 Agrave=C0 Aring=C5 Atilde=C3
Ccedilla=C7 Eacute=C9 Ecircumflex=CA Edieresis=CB Egrave=C8 Iacute=CD Icircumflex=CE Idieresis=CF Igrave=CC
Ntilde=D1 Oacute=D3 Ocircumflex=D4 Odieresis=D6 Ograve=D2 Otilde=D5 Scaron=160 Uacute=DA Ucircumflex=DB
Udieresis=DC Ugrave=D9 Yacute=DD Ydieresis=178 Zcaron=17D aacute=E1 acircumflex=E2 adieresis=E4 agrave=E0
aring=E5 atilde=E3 ccedilla=E7 eacute=E9 ecircumflex=EA edieresis=EB egrave=E8 iacute=ED icircumflex=EE
idieresis=EF igrave=EC ntilde=F1 oacute=F3 ocircumflex=F4 odieresis=F6 ograve=F2 otilde=F5 scaron=161 uacute=FA
ucircumflex=FB udieresis=FC ugrave=F9 yacute=FD ydieresis=FF zcaron=17E notequal=2260 infinity=221E
lessequal=2264 greaterequal=2265 partialdiff=2202 summation=2211 product=220F pi=3C0 integral=222B Omega=2126
radical=221A approxequal=2248 Delta=2206 nonbreakingspace=A0 lozenge=25CA apple=F8FF franc=20A3 Gbreve=11E
gbreve=11F Idotaccent=130 Scedilla=15E scedilla=15F Cacute=106 cacute=107 Ccaron=10C ccaron=10D dcroat=111
`

// standardCodes are the codes of StandardEncoding behind 7E; its glyphs are the
// CFF strings from 1 on, in order of their codes.
var standardCodes = [][2]int{{32, 126}, {161, 175}, {177, 180}, {182, 189}, {191, 191}, {193, 200}, {202, 203},
	{205, 208}, {225, 225}, {227, 227}, {232, 235}, {241, 241}, {245, 245}, {248, 251}}

type nameTables struct {
	cff, mac []string
	macIndex map[string]int
	rune     map[string]rune
	standard [256]string
	// encoded are the names that a code may stand for in one of the encodings of
	// Latin text (ISO 32000-1, annex D).
	encoded [256][]string
	macCode map[rune]int
}

// tables are made when the first font is cut: most runs of the program cut none.
var tables = sync.OnceValue(func() *nameTables {
	t := &nameTables{cff: strings.Fields(cffStrings), mac: strings.Fields(macNames), macIndex: map[string]int{},
		rune: map[string]rune{}, macCode: map[rune]int{}}
	for i, n := range t.mac {
		t.macIndex[n] = i
	}
	named := map[rune][]string{}
	for _, entry := range strings.Fields(latin) {
		name, digits, _ := strings.Cut(entry, "=")
		v, _ := strconv.ParseUint(digits, 16, 32)
		t.rune[name] = rune(v)
		named[rune(v)] = append(named[rune(v)], name)
	}
	sid := 1
	for _, span := range standardCodes {
		for c := span[0]; c <= span[1]; c++ {
			t.standard[c] = t.cff[sid]
			t.encoded[c] = append(t.encoded[c], t.cff[sid])
			sid++
		}
	}
	for c := range 256 {
		for _, m := range []*charmap.Charmap{charmap.Windows1252, charmap.Macintosh} {
			t.encoded[c] = append(t.encoded[c], named[m.DecodeByte(byte(c))]...)
		}
		t.macCode[charmap.Macintosh.DecodeByte(byte(c))] = c
	}
	// Other glyphs that stand at codes (annex D.2, notes 3 to 6).
	t.encoded[0xa0] = append(t.encoded[0xa0], "space")
	t.encoded[0xca] = append(t.encoded[0xca], "space")
	t.encoded[0xad] = append(t.encoded[0xad], "hyphen")
	t.encoded[0xdb] = append(t.encoded[0xdb], "currency", "Euro")
	for c := 0x7f; c < 0xa0; c++ {
		t.encoded[c] = append(t.encoded[c], "bullet")
	}
	return t
})

// runesOf are the characters that a glyph's name stands for; none when the name
// says nothing.
func (t *nameTables) runesOf(name string) []rune {
	name, _, _ = strings.Cut(name, ".")
	if r, ok := t.rune[name]; ok {
		return append(alike[r], r)
	}
	for _, prefix := range []string{"uni", "u"} {
		digits, ok := strings.CutPrefix(name, prefix)
		if ok && len(digits) >= 4 && len(digits) <= 6 {
			if v, err := strconv.ParseUint(digits, 16, 21); err == nil {
				return append(alike[rune(v)], rune(v))
			}
		}
	}
	return nil
}

// alike are characters that fonts draw with one glyph, of which readers may ask
// for either.
var alike = map[rune][]rune{
	0x394: {0x2206}, 0x2206: {0x394}, 0x3a9: {0x2126}, 0x2126: {0x3a9}, 0x3bc: {0xb5}, 0xb5: {0x3bc},
	0x2d: {0xad, 0x2010}, 0xad: {0x2d}, 0x20: {0xa0}, 0xa0: {0x20}, 0x2219: {0xb7}, 0xb7: {0x2219},
	0x2215: {0x2044}, 0x2044: {0x2215}, 0x2c9: {0xaf}, 0xaf: {0x2c9}, 0x162: {0x21a}, 0x163: {0x21b},
}
