package content

import "fmt"

// signature is what operands an operator has: n a number, s a string, m a
// name, a an array, o anything; "*" at the end: any number of these before.
var signatures = map[string]string{
	"q": "", "Q": "", "cm": "nnnnnn", "w": "n", "J": "n", "j": "n", "M": "n", "d": "an", "ri": "m", "i": "n", "gs": "m",
	"m": "nn", "l": "nn", "c": "nnnnnn", "v": "nnnn", "y": "nnnn", "h": "", "re": "nnnn",
	"S": "", "s": "", "f": "", "F": "", "f*": "", "B": "", "B*": "", "b": "", "b*": "", "n": "", "W": "", "W*": "",
	"BT": "", "ET": "", "Tc": "n", "Tw": "n", "Tz": "n", "TL": "n", "Tf": "mn", "Tr": "n", "Ts": "n",
	"Td": "nn", "TD": "nn", "Tm": "nnnnnn", "T*": "", "Tj": "s", "TJ": "a", "'": "s", `"`: "nns",
	"d0": "nn", "d1": "nnnnnn",
	"CS": "m", "cs": "m", "SC": "n*", "sc": "n*", "SCN": "o*", "scn": "o*", "G": "n", "g": "n", "RG": "nnn", "rg": "nnn",
	"K": "nnnn", "k": "nnnn",
	"sh": "m", "Do": "m", "BI": "o", "BX": "", "EX": "",
	"MP": "m", "DP": "mo", "BMC": "m", "BDC": "mo", "EMC": "",
}

// words are the operators as strings that are there already.
var words = func() map[string]string {
	m := map[string]string{}
	for op := range signatures {
		m[op] = op
	}
	return m
}()

var kinds = [...]Kind{'n': Number, 's': String, 'm': Name, 'a': Array}

// Known tells whether an operator is one of PDF 1.7 with the operands that it
// must have. Errors wrap [ErrSyntax].
func (op Op) Known() error {
	want, ok := signatures[op.Name]
	if !ok {
		return fmt.Errorf("%w: operator %.20q", ErrSyntax, op.Name)
	}
	if len(want) == 2 && want[1] == '*' {
		for _, v := range op.Args {
			if want[0] != 'o' && v.Kind != kinds[want[0]] {
				return fmt.Errorf("%w: operands of %s", ErrSyntax, op.Name)
			}
		}
		return nil
	}
	if len(op.Args) != len(want) {
		return fmt.Errorf("%w: %d operands of %s", ErrSyntax, len(op.Args), op.Name)
	}
	for i := range op.Args {
		if want[i] != 'o' && op.Args[i].Kind != kinds[want[i]] {
			return fmt.Errorf("%w: operands of %s", ErrSyntax, op.Name)
		}
	}
	return nil
}

// Numbers puts the operands of op, all numbers, into a matrix's or rectangle's
// six places.
func (op Op) Numbers() (n [6]float64) {
	for i := range op.Args[:min(len(op.Args), 6)] {
		n[i] = op.Args[i].Num
	}
	return n
}
