package markdraw

import (
	"math"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"sync"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// strokes are the letters as a pen writes them: a line each, and a letter's strokes
// parted by spaces. A point of a stroke is two digits: how far it is to the right,
// 0 to 4 of the letter's width, and how high: 2 is the line on which the letters
// stand, 7 the height of small ones, 9 of capitals.
const strokes = `! 2925 2322
" 1917 3937
# 1218 3238 0444 0646
$ 483919080716364543321203 2920
% 0249 0919180809 3343423233
& 4217182938370403122244
' 2927
( 39171431
) 19373411
* 2824 1735 3715
+ 2327 0545
, 2311
- 0545
. 2223
/ 0149
0 190803123243483919
1 072922
2 08193948460242
3 094926364543321203
4 32390444
5 490906364543321203
6 3919070312324345361605
7 094912
8 16070819394847361605031232434536
9 4635150608193948443212
: 2223 2627
; 2311 2627
< 480542
= 0646 0444
> 084502
? 08193948472524 2322
@ 42120308193948443436161434
A 022942 1434
B 02093948473606 3645433202
C 4839190803123243
D 02092948432202
E 49090242 0636
F 490902 0636
G 48391908031232434525
H 0209 4249 0646
I 2229
J 3933221203
K 0209 4905 1642
L 090242
M 0209254942
N 02094249
O 190803123243483919
P 02093948463505
Q 190803123243483919 2442
R 02093948463505 2542
S 483919080716364543321203
T 0949 2922
U 090312324349
V 092249
W 0912263249
X 0942 4902
Y 092649 2622
Z 09490242
[ 39191131
\ 0941
] 19393111
^ 062946
_ 0141
a 17374642 45150403123243
b 0902 0312324346371706
c 4637170603123243
d 4942 4332120306173746
e 04444637170603123243
f 39291812 0737
g 4741301001 4637170603123243
h 0902 0617374642
i 2722 2928
j 27211000 2928
k 0902 4704 1542
l 2922
m 0702 06172622 26374642
n 0702 0617374642
o 170603123243463717
p 0700 0312324346371706
q 4740 4332120306173746
r 0702 051737
s 46371706153443321203
t 19132242 0747
u 0703123243 4742
v 072247
w 0712253247
x 0742 4702
y 0722 4710
z 07470242
{ 39282615242231
| 2921
} 19282635242211
~ 05164536
– 0545
— 0545
… 0203 2223 4243`

// accents are strokes over small letters, by what Unicode calls their combining mark.
var accents = map[rune]string{
	'\u0300': "1938", '\u0301': "3918", '\u0302': "182938", '\u0303': "18192839", '\u0308': "1819 3839",
	'\u030a': "1928391829", '\u0327': "2211",
}

// Of a letter: how high a step of its points is, of its size, and how far its
// strokes stay from the next letters, of its width.
const (
	step  = 0.104
	aside = 0.14
)

// written are the strokes by letter, in the points' digits.
var written = sync.OnceValue(func() *[maxLetters][][]byte {
	out := new([maxLetters][][]byte)
	for line := range strings.Lines(strokes) {
		letter, rest, _ := strings.Cut(line, " ")
		i := place([]rune(letter)[0])
		for _, stroke := range strings.Fields(rest) {
			out[i] = append(out[i], []byte(stroke))
		}
	}
	for i := 0xc0; i < 0x100; i++ { // letters with accents
		parts := []rune(norm.NFD.String(string(rune(i))))
		if len(parts) != 2 || accents[parts[1]] == "" {
			continue
		}
		out[i] = slices.Clone(out[parts[0]])
		for _, stroke := range strings.Fields(accents[parts[1]]) {
			over := []byte(stroke)
			for k := 1; k < len(over) && unicode.IsUpper(parts[0]) && over[k] > '5'; k += 2 {
				over[k] += 2
			}
			out[i] = append(out[i], over)
		}
	}
	return out
})

// Strokes writes a line of text, each letter's strokes painted by themselves, in letters
// of so many units to their size. Points are in whole units, and few, so that a page
// full of letters weighs little; each is moved by lot, by less than anybody sees, so
// that no two lines have a path in common. point writes the two numbers of a point, from
// where the line begins. The caller says how wide the strokes are.
func Strokes(b []byte, text string, units int, lot *rand.Rand, point func(b []byte, x, y float64) []byte) []byte {
	size := float64(units)
	all, at := written(), 0.0
	for _, r := range text {
		i, width := place(r), float64(letter(r).advance)/em
		for _, stroke := range all[i] {
			op := byte('m')
			for k := 0; k+1 < len(stroke); k += 2 {
				by := lot.Uint64() // half of it for either coordinate
				x := at + width*(aside+(1-2*aside)/4*float64(stroke[k]-'0'))
				y := step * float64(int(stroke[k+1])-'2')
				b = append(point(b, moved(x*size, uint32(by)), moved(y*size, uint32(by>>32))), op, '\n')
				op = 'l'
			}
		}
		if len(all[i]) > 0 {
			b = append(b, "S\n"...)
		}
		at += width
	}
	return b
}

// Whole writes a point in the units that it is in.
func Whole(b []byte, x, y float64) []byte {
	b = append(strconv.AppendInt(b, int64(x), 10), ' ')
	return append(strconv.AppendInt(b, int64(y), 10), ' ')
}

func moved(v float64, by uint32) float64 { return math.Floor(v + float64(by)/(1<<32)) }
