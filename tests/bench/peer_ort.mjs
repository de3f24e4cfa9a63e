// ONNX Runtime on a pack: padded batches of rows in file order.
//
// usage: node peer_ort.mjs MODEL.onnx PACK BATCH ROWS THREADS, in a folder
// where npm has installed onnxruntime-node
// prints: rows a second
import fs from 'fs'
import path from 'path'
import { createRequire } from 'module'

const ort = createRequire(path.join(process.cwd(), 'x.js'))('onnxruntime-node')
const [model, pack, ...rest] = process.argv.slice(2)
const [size, rows, threads] = rest.map(Number)

const file = fs.readFileSync(pack)
const n = Number(file.readBigUInt64LE(0))
const head = JSON.parse(file.subarray(8, 8 + n))
function part(name) {
	const [from, to] = head[name].data_offsets
	return Uint8Array.from(file.subarray(8 + n + from, 8 + n + to)).buffer
}
const tokens = new Int32Array(part('tokens'))
const starts = Array.from(new BigInt64Array(part('starts')), Number)
const split = new Int32Array(part('split'))

function batch(first) {
	let longest = 0
	for (let r = first; r < first + size; r++)
		longest = Math.max(longest, starts[r + 1] - starts[r])
	const shape = [size, longest]
	const ids = new BigInt64Array(size * longest)
	const seg = new BigInt64Array(size * longest)
	const mask = new Float32Array(size * longest)
	for (let i = 0; i < size; i++) {
		const from = starts[first + i], to = starts[first + i + 1]
		for (let t = from; t < to; t++) {
			const at = i * longest + t - from
			ids[at] = BigInt(tokens[t])
			seg[at] = t - from >= split[first + i] ? 1n : 0n
			mask[at] = 1
		}
	}
	return {
		ids: new ort.Tensor('int64', ids, shape),
		seg: new ort.Tensor('int64', seg, shape),
		mask: new ort.Tensor('float32', mask, shape),
	}
}

const session = await ort.InferenceSession.create(model,
	{ intraOpNumThreads: threads, executionProviders: ['cpu'] })
const batches = []
for (let r = 0; r + size <= Math.min(rows, starts.length - 1); r += size)
	batches.push(batch(r))
for (const b of batches.slice(0, 2))
	await session.run(b)
const began = performance.now()
for (const b of batches)
	await session.run(b)
const seconds = (performance.now() - began) / 1e3
console.log((batches.length * size / seconds).toFixed(1))
