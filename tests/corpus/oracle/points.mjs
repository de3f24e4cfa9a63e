// Every code point: alone, doubled, between letters, after a stem and before
// a mark; or a vocabulary of all of them.
// usage: node points.mjs lines|vocabulary
let out = process.argv[2] === 'vocabulary' ?
    '[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\n' : '';
for (let c = 0; c < 0x110000; c++) {
	const s = String.fromCodePoint(c);

	if ((c >= 0xd800 && c < 0xe000) || c === 10)
		continue;
	if (process.argv[2] !== 'vocabulary')
		out += `${s}\n${s}${s}\na${s}b\nwalking${s}e${s}\n${s}\u302e${s}\n`;
	else if (c !== 0 && c !== 13)
		out += `${s}\n##${s}\n`;
	if (c % 4096 === 0) {
		process.stdout.write(out);
		out = '';
	}
}
process.stdout.write(out);
