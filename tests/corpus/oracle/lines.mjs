// Generated lines that a tokenizer may stumble over, for golden.mjs: the same
// ones each time.
// usage: node lines.mjs COUNT WORDS > lines
// WORDS is a vocabulary, whose ASCII pieces serve as words.
import fs from 'fs';

const [count, words] = process.argv.slice(2);
let state = 20260101;
function below(n) { // xorshift32
	state ^= state << 13; state >>>= 0;
	state ^= state >>> 17;
	state ^= state << 5; state >>>= 0;
	return state % n;
}
const pick = (list) => list[below(list.length)];
const chars = (...c) => String.fromCodePoint(...c);
const within = (a, b) => chars(a + below(b - a + 1));
const repeat = (n, f) => Array.from({ length: n }, f).join('');

const pieces = fs.readFileSync(words, 'utf8').split('\n')
	.filter((p) => /^[a-z0-9]+$/.test(p)).slice(0, 900);
const inner = fs.readFileSync(words, 'utf8').split('\n')
	.filter((p) => /^##[a-z]+$/.test(p)).map((p) => p.slice(2)).slice(0, 300);
// Scripts: first and last code point, letters in a word.
const scripts = [[0xc0, 0x24f, 5], [0x250, 0x2af, 3], [0x370, 0x3ff, 6],
	[0x400, 0x52f, 7], [0x531, 0x587, 6], [0x5d0, 0x5ea, 5], [0x5b0, 0x5ea, 5],
	[0x621, 0x64a, 5], [0x610, 0x6ff, 5], [0x700, 0x74a, 4], [0x904, 0x939, 4],
	[0x900, 0x97f, 6], [0x981, 0x9fe, 5], [0xb82, 0xbfa, 5], [0xe01, 0xe5b, 6],
	[0xf00, 0xfda, 5], [0x1000, 0x109f, 5], [0x10a0, 0x10ff, 5],
	[0x1100, 0x11ff, 4], [0x13a0, 0x13fd, 4], [0x1780, 0x17e9, 4],
	[0x1800, 0x18aa, 4], [0x1b00, 0x1b7e, 4], [0x1c80, 0x1cbf, 4],
	[0x1d00, 0x1dff, 4], [0x1e00, 0x1eff, 5], [0x1f00, 0x1fff, 5],
	[0x2000, 0x206f, 3], [0x20a0, 0x20ff, 2], [0x2100, 0x21ff, 3],
	[0x2200, 0x22ff, 2], [0x2460, 0x24ff, 2], [0x2c00, 0x2dff, 4],
	[0x2e00, 0x2e5d, 2], [0x3000, 0x303f, 2], [0x3041, 0x30ff, 5],
	[0x3105, 0x318e, 4], [0xa4d0, 0xa69f, 3], [0xa720, 0xa7ff, 4],
	[0xa800, 0xa8ff, 3], [0xa980, 0xa9df, 3], [0xac00, 0xd7a3, 3],
	[0xfb00, 0xfb4f, 3], [0xfb50, 0xfdff, 2], [0xfe00, 0xfe6f, 2],
	[0xff00, 0xffef, 4], [0x10400, 0x1044f, 4], [0x10d00, 0x10d8f, 4],
	[0x11000, 0x1107f, 3], [0x11100, 0x111ff, 3], [0x11930, 0x11946, 3],
	[0x16ea0, 0x16ed3, 3], [0x1d100, 0x1d1ff, 3], [0x1d400, 0x1d7ff, 5],
	[0x1e900, 0x1e95f, 4], [0x1f300, 0x1faff, 1]];
const chinese = [[0x4e00, 0x9fff], [0x3400, 0x4dbf], [0x20000, 0x2a6df],
	[0x2a700, 0x2b73f], [0x2b740, 0x2b81f], [0x2b820, 0x2ceaf],
	[0xf900, 0xfaff], [0x2f800, 0x2fa1f]];
const spaces = [' ', ' ', '  ', '\t', '\r', '\xa0', '\u1680', '\u2003',
	'\u2028', '\u202f', '\u3000', '\x85', '\v', '\f', '\x1c'];
const nothing = ['\0', '\x01', '\x7f', '\x80', '\xad', '\u200b', '\u200c',
	'\u200d', '\u200e', '\u2060', '\ufeff', '\ufffd', '\ue000', '\uf8ff',
	'\u{f0000}', '\u{10ffff}', '\u{e0041}', '\u061c', '\u{1d173}'];
const unassigned = ['\u0378', '\u0530', '\u2fe0', '\uffff', '\ufdd0',
	'\u{1fffe}', '\u{323b0}', '\u{e0fff}', '\u{50000}'];
const marks = ['\u0300', '\u0301', '\u0308', '\u0323', '\u034f', '\u0345',
	'\u05b0', '\u064b', '\u093c', '\u094d', '\u0e38', '\u302a', '\u302e',
	'\u302f', '\u{1d165}', '\u{1d16d}', '\u{1d16e}', '\u1b44', '\ua953',
	'\u08d3', '\u1dfa', '\u3099', '\u{16ff0}', '\u{1e4ec}', '\u20d0', '\u20e3'];
const specials = ['[SEP]', '[MASK]', '[CLS]', '[PAD]', '[UNK]', '[sep]', '[SEP',
	'SEP]', '[[SEP]]', '[ MASK ]', '[MASK]s', 'x[UNK]', '[\u200bSEP]', '[\uff33EP]'];
const emoji = ['\u{1f600}', '\u{1f468}\u200d\u{1f469}\u200d\u{1f467}',
	'\u{1f44d}\u{1f3fd}', '\u2764\ufe0f', '\u{1f1e9}\u{1f1ea}', '1\ufe0f\u20e3',
	'\u{1f3f4}\u{e0067}\u{e0062}\u{e007f}', '\u00a9', '\u2122'];
const punctuation = [...'!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~', '\u2014', '\u00bf',
	'\u201c', '\u2026', '\u3002', '\u060c', '\u0964', '\u2e43', '\u2e5d',
	'\u{10f55}', '\u{111c9}', '\u166d', '\u061d', '\u00a7', '\u20ac'];
const upper = (s) => below(4) ? s : below(2) ? s.toUpperCase() :
    s[0].toUpperCase() + s.slice(1);

const script = () => {
	const [a, b, n] = pick(scripts);
	return repeat(1 + below(n), () => within(a, b));
};
const makers = [script, script, script,
	() => upper(pick(pieces)), () => upper(pick(pieces) + pick(inner)),
	() => pick(pieces) + pick(punctuation) + pick(pieces),
	() => repeat(1 + below(3), () => within(...pick(chinese))),
	() => within(...pick(chinese)) + pick(pieces),
	() => pick(nothing) + pick(pieces), () => pick(pieces) + pick(nothing) + 'e',
	() => pick(pieces) + pick(unassigned), () => pick(marks),
	() => pick(pieces) + repeat(1 + below(4), () => pick(marks)),
	() => repeat(2 + below(3), () => pick(marks)) + pick(inner),
	() => script() + pick(marks), () => pick(specials), () => pick(emoji),
	() => pick(emoji) + pick(pieces), () => pick(punctuation),
	() => script().normalize('NFD'), () => script().normalize('NFKC'),
	() => (below(1000) / 7).toFixed(below(5)), () => 'https://' + pick(pieces) +
	    '.com/' + pick(inner) + '?' + below(99)];
const chunks = Array.from({ length: 2400 }, () => makers[below(makers.length)]());

function line() {
	const n = 1 + below(4);
	let out = below(40) ? '' : pick(spaces);

	for (let i = 0; i < n; i++)
		out += pick(chunks) + (i + 1 < n ? below(5) ? ' ' : pick(spaces) : '');
	return below(60) ? out : out + pick(spaces);
}

const long = [];
for (const n of [98, 99, 100, 101, 102, 200, 1000])
	for (const c of ['a', 'A', '\xe9', 'e\u0301', '\u0301', '\u4e2d', '\ud55c',
		'\u302e', '\u{1d165}\u302e', '.', '\u0130', '\u{1f600}', '\u200b', '['])
		long.push(c.repeat(n), 'x ' + c.repeat(n) + ' y', c.repeat(n - 1) + '\u0301',
			c.repeat(n) + '\u302e', c.repeat(n) + '[SEP]', 'x\u200b' + c.repeat(n));
const fixed = ['', ' ', '\t', '\r', 'a\rb\r', '\0', '[SEP]', 'a\tb', '\ufeffa',
	...marks.flatMap((a) => marks.map((b) => 'x' + a + b)),
	...nothing.flatMap((a) => [a, 'a' + a, a + 'b', 'a' + a + 'b', a + a]),
	...unassigned, ...specials, ...emoji, ...punctuation, ...long];
process.stdout.write([...fixed,
	...Array.from({ length: +count - fixed.length }, line)].join('\n') + '\n');
