"""A JSON array of rows on stdin becomes the table that it was made of; the
argument names the columns of text, "a|b"."""
import json
import sys

text = sys.argv[1].split("|")
rows = json.load(sys.stdin)
print("\t".join(rows[0]))
for row in rows:
    assert list(row) == list(rows[0])
    print("\t".join(v if k in text else "nan" if v is None else "%.9g" % v
                    for k, v in row.items()))
