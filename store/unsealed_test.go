package store

import "testing"

// unsealed opens every sealed value of every table: what rests there, by its sealed form.
func unsealed(t *testing.T, d *DB) map[string]string {
	t.Helper()
	out := map[string]string{}
	for _, c := range sealedColumns {
		err := d.each(t.Context(), c.query, nil, func(row scanner) error {
			var id int64
			var name string
			var sealed []byte
			if err := row.Scan(&id, &name, &sealed); err != nil {
				return err
			}
			plain, err := d.seal.open(c.what, name, sealed)
			if err != nil {
				t.Errorf("%s %d: %v", c.what, id, err)
			}
			out[string(sealed)] = string(plain)
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return out
}

// allColumns are the columns of every table, whatever tables there are, as "table.column".
func allColumns(t *testing.T, d *DB) (out []string) {
	t.Helper()
	err := d.each(t.Context(), `SELECT m.name || '.' || c.name FROM sqlite_schema m, pragma_table_info(m.name) c
		WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%'`, nil, func(row scanner) error {
		var c string
		err := row.Scan(&c)
		out = append(out, c)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}
