package conversation

import "strings"

// StaffOrder is one command of staff, as a guide tells of it.
type StaffOrder struct {
	Verb  string // in capitals
	Usage string // how it is typed: "BALAS nomor teks"
	What  string // what it does; "" for one that help does not list
}

// StaffOrders are the commands of staff, in the order in which help lists them.
func StaffOrders(x *Texts) ([]StaffOrder, error) {
	var out []StaffOrder
	for _, c := range commands() {
		o := StaffOrder{Verb: c.verb, Usage: c.verb}
		var keys []string
		if c.takes == ticketNumber {
			keys = append(keys, "usage:number")
		}
		if c.takes != nothing && c.takes != ticketNumber || c.takes == ticketNumber && c.words != none {
			keys = append(keys, "usage:"+strings.ToLower(c.verb))
		}
		for _, key := range keys {
			text, err := x.Text(key, nil)
			if err != nil {
				return nil, err
			}
			o.Usage += " " + text
		}
		if !c.rare {
			var err error
			if o.What, err = x.Text("command:"+strings.ToLower(c.verb), nil); err != nil {
				return nil, err
			}
		}
		out = append(out, o)
	}
	return out, nil
}
