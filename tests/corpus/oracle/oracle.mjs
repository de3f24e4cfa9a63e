// The oracle: Hugging Face's tokenizer, set up as BERT's.
// usage: node oracle.mjs VOCAB cased|uncased FILE		ids of each line
//        node oracle.mjs VOCAB cased|uncased FILE --bench	MB/s, three times
//        node oracle.mjs VOCAB cased|uncased FILE --letters	a vocabulary of
//	single characters for the words of FILE (VOCAB's pieces are not used)
// needs: npm install tokenizers@0.23.2 in the folder it is run from;
// RAYON_NUM_THREADS=1 for one thread
import { createRequire } from 'module';
import fs from 'fs';
import path from 'path';

const { Tokenizer } = createRequire(path.join(process.cwd(), 'x.js'))('tokenizers');
const [vocab, mode, file, flag] = process.argv.slice(2);
const special = ['[PAD]', '[UNK]', '[CLS]', '[SEP]', '[MASK]'];
const ids = {};
fs.readFileSync(vocab, 'utf8').split('\n').forEach((piece, id) => {
	if (piece !== '')
		ids[piece] = id;
});
const tokenizer = Tokenizer.fromString(JSON.stringify({
	version: '1.0', truncation: null, padding: null,
	added_tokens: special.map((content) => ({ id: ids[content], content,
		single_word: false, lstrip: false, rstrip: false, normalized: false,
		special: true })),
	normalizer: { type: 'BertNormalizer', clean_text: true,
		handle_chinese_chars: true, strip_accents: null,
		lowercase: mode === 'uncased' },
	pre_tokenizer: { type: 'BertPreTokenizer' }, post_processor: null,
	decoder: { type: 'WordPiece', prefix: '##', cleanup: true },
	model: { type: 'WordPiece', unk_token: '[UNK]',
		continuing_subword_prefix: '##', max_input_chars_per_word: 100,
		vocab: ids },
}));
const text = fs.readFileSync(file, 'utf8');
const lines = text.split('\n');
if (lines[lines.length - 1] === '')
	lines.pop();
const options = { addSpecialTokens: false };

if (flag === '--bench') {
	await tokenizer.encodeBatch(lines.slice(0, 100), options);
	for (let i = 0; i < 3; i++) {
		const start = performance.now();
		await tokenizer.encodeBatch(lines, options);
		const seconds = (performance.now() - start) / 1e3;
		console.log((Buffer.byteLength(text) / seconds / 1e6).toFixed(2));
	}
} else if (flag === '--letters') {
	const normalizer = tokenizer.getNormalizer();
	const letters = new Set();
	for (const line of lines)
		for (const c of normalizer.normalizeString(line))
			if (!/\s/.test(c))
				letters.add(c);
	const sorted = [...letters].sort((a, b) => a.codePointAt(0) - b.codePointAt(0));
	process.stdout.write([...special, ...sorted,
		...sorted.map((c) => '##' + c)].join('\n') + '\n');
} else {
	for (let i = 0; i < lines.length; i += 4096) {
		const all = await tokenizer.encodeBatch(lines.slice(i, i + 4096), options);
		process.stdout.write(all.map((e) => e.getIds().join(' ') + '\n').join(''));
	}
}
