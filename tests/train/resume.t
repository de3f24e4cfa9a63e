#!/usr/bin/env bash
# A run that was killed, however often, ends with the bytes of one that was
# not; and a run does not go on with what is another run's.
set -euo pipefail

. "$(dirname "$0")/../tap.sh"
. "$(dirname "$0")/../small.sh"
workplace
RANDOM=17
small_data

updates_in() { # DIR
	[ -s "$1/resume.safetensors" ] || { echo 0; return; }
	tail -n +3 "$1/log.tsv" | wc -l
}

# Run until it ends, killing it each time it got 1 to 9 updates further.
kill_until_done() { # DIR COMMAND...
	local out=$1 pid aim kills=0 tries=0
	shift
	while :; do
		aim=$(($(updates_in "$out") + 1 + RANDOM % 9))
		"$@" -o "$out" 2>>kill.err &
		pid=$!
		while kill -0 "$pid" 2>/dev/null &&
		    [ "$(updates_in "$out" 2>/dev/null)" -lt "$aim" ]; do
			sleep 0.01
		done
		kill -9 "$pid" 2>/dev/null || true
		if wait "$pid" 2>/dev/null; then
			# On a busy machine a run can end before it is killed.
			[ "$kills" -ge 2 ] || [ "$((tries += 1))" -ge 20 ] && break
			rm -rf "$out"
			kills=0
			continue
		fi
		kills=$((kills + 1))
		[ "$kills" -lt 200 ]
	done
	echo "# killed $kills times"
	[ "$kills" -ge 2 ]
}

try() { # NAME COMMAND...
	local name=$1
	shift
	"$@" -o whole
	check "$name: killed and run again" kill_until_done parts "$@" \
		--save-every 0
	grep '^# killed' "$tmp/said" || true
	check "$name: the same bytes" alike whole parts
	rm -rf whole parts
}

packs='cola.st rte.st stsb.st rank.st'
try 'many tasks' mt-finetune -q -i m --batch-size 4 --epochs 2 \
	--dev dev.st $packs
try 'mixed, accumulated, sampled' mt-finetune -q -i m --batch-size 3 \
	--batches mixed --accumulate 2 --sampling 0.5 --epochs 3 \
	--shuffle epoch --optimizer adamax-2019 --dev dev.st $packs
try 'an end inside an epoch' mt-finetune -q -i m --batch-size 4 \
	--epochs 3 --max-updates 45 --optimizer bert-adam --dev dev.st $packs
try 'a student' kd-train -q -i m --batch-size 4 --epochs 2 --mix anneal \
	--soft cola.tsv --soft rte.tsv --dev dev.st $packs
try 'san heads and learned weights' kd-train -q -i m --batch-size 3 \
	--epochs 12 --head san --mix uncertainty --soft rte.tsv rte.st

mt-finetune -q -i m -o T --epochs 2 --learning-rate 0.01 $packs
model-new -v vocab.txt --layers 1 --hidden 8 --positions 64 -o n 2>new.err
try 'from inside a wider teacher' kd-train -q -i n --batch-size 4 \
	--epochs 2 --teacher T --teacher-soft --feature-hidden 1 \
	--feature-relation 1 --optimizer adamw --dev dev.st $packs
try 'patience that comes to an end' mt-finetune -q -i m --batch-size 4 \
	--epochs 30 --patience 2 --dev-metric f1:1 --class-weights balanced \
	--dev dev.st cola.st

# Leave an unfinished run behind, so many updates into it that the tenth, after
# which dev is scored, is in its resume point: a line of the log is written first.
start_and_kill() { # DIR
	local pid tries=0
	while [ "$((tries += 1))" -le 20 ]; do
		start -o "$1" --save-every 0 &
		pid=$!
		while kill -0 "$pid" && [ "$(updates_in "$1")" -lt 12 ]; do
			sleep 0.01
		done
		kill -9 "$pid" || true
		# On a busy machine a run can end before it is killed.
		wait "$pid" 2>/dev/null || return 0
		rm -rf "$1"
	done
}

start() {
	exec kd-train -q -i "${init:-m}" --batch-size 2 --epochs 3 \
		--soft "${soft:-cola.tsv}" ${dev---dev dev.st} "$@" \
		"${pack:-cola.st}" ${more:-}
}

run() {
	(start "$@")
}

run -o whole
start_and_kill half 2>kill.err
check 'an unfinished run has no model' test ! -e half/model.safetensors
cp -R half kept

other() { # NAME WORDS COMMAND...
	local name=$1 words=$2
	shift 2
	check "$name: refused" refuses 1 "the unfinished run had $words" "$@"
	check "$name: nothing is touched" alike kept half
}

other 'another setting' \
	"recipe 'learning-rate: 5e-05', this one has 'learning-rate: 0.1'" \
	run -o half --learning-rate 0.1
other 'another seed' "recipe 'seed: 1', this one has 'seed: 2'" \
	run -o half --seed 2
other 'another mixture' \
	"recipe 'mix: const:0.5', this one has 'mix: anneal'" \
	run -o half --mix anneal
small_examples 40 77 0,1 | small_pack cola train m more.st
pack=more.st other 'another pack' "pack 1 'cola train crc32" run -o half
# A pack without checksums is known by what it holds.
bare() { # PACK
	perl -0777 -pe 's/crc32":/xxx32":/g; s/"pack 2"/"pack 1"/' "$1"
}
bare cola.st >bare.st
(pack=bare.st start_and_kill bare-half 2>kill.err)
bare more.st >bare.st
check 'a pack exchanged that has no checksums' refuses 1 \
	"the unfinished run had pack 1 'cola train crc32" \
	eval 'pack=bare.st run -o bare-half'
bare cola.st >bare.st
pack=bare.st run -o bare-half
check 'and put back' alike whole/model.safetensors \
	bare-half/model.safetensors
sed $'s/^r3\t.*/r3\t0.25\t0.75/' cola.tsv >other.tsv
check 'the soft targets do differ' unlike cola.tsv other.tsv
soft=other.tsv other 'other soft targets' "soft 1 'crc32" run -o half
dev='' other 'no dev pack' "inputs '1 packs, 1 dev packs, 1 soft targets'" \
	run -o half
more=rte.st other 'a pack more' \
	"inputs '1 packs, 1 dev packs, 1 soft targets'" run -o half
model-new -v vocab.txt --hidden 16 --positions 64 --seed 9 -o m9 2>new.err
init=m9 other 'another model' "init 'crc32" run -o half
cp -R m m4
sed 's/"num_attention_heads": 2/"num_attention_heads": 4/' m/config.json \
	>m4/config.json
init=m4 other 'another shape' "config.json 'crc32" run -o half
mkdir v
sed 's/quick/slow/' vocab.txt >v/vocab.txt
model-new -v v/vocab.txt --hidden 16 --positions 64 -o mv 2>new.err
small_pack cola train mv mv.st <cola-ex.tsv
small_examples 20 5 0,1 | small_pack cola dev mv mvdev.st
was=$(grep -aom1 'crc32 [0-9a-f]*, vocabulary [0-9a-f]*' kept/resume.safetensors)
sum=$(perl -MDigest::SHA=sha256_hex -0777 -ne 'print sha256_hex($_)' v/vocab.txt)
init=mv pack=mv.st dev='--dev mvdev.st' other 'another vocabulary' \
	"init '$was', this one has '${was% *} $sum'" run -o half

# Another product library differs in the last digits.
check 'the library that multiplies is kept' \
	grep -aqE '"products":"(oneDNN|OpenBLAS) [0-9.]+"' kept/resume.safetensors
library=$(mt-finetune --version | tail -n 1)
as_if() { # FROM TO: a state of version 1, whose metadata have no checksum
	rm -rf half && cp -R kept half
	FROM=$1 TO=$2 perl -0777 -pi -e '
		my $n = unpack "Q<", $_;
		my $h = substr $_, 8, $n;
		$h =~ s/"resume 2"/"resume 1"/;
		$h =~ s/,"metadata_crc32":"[0-9a-f]{8}"//;
		$h =~ s/\Q$ENV{FROM}\E/$ENV{TO}/ or die "no $ENV{FROM}";
		$h =~ s/ +\z//;
		$h .= " " x (-length($h) % 64);
		$_ = pack("Q<", length $h) . $h . substr($_, 8 + $n);
	' half/resume.safetensors
}
as_if "\"$library\"" '"oneDNN 9.9.9"'
check 'another library that multiplies' refuses 1 \
	"products 'oneDNN 9.9.9', this one has '$library'" run -o half
as_if "\"$library\"" "\"$library\""
run -o half
check 'the same one, from a state of version 1' alike whole half
# On a machine where auto chose other numbers.
as_if 'matmul: float32' 'matmul: bf16'
check 'other numbers' refuses 1 \
	"recipe 'matmul: bf16', this one has 'matmul: float32'" run -o half
rm -rf half && cp -R kept half

# What may differ: threads, memory, how often is saved.
run -o half --threads 1 --recompute --save-every 5
check 'threads, recomputing and saving may differ' alike whole half

# Damage is told, never gone on with.
for n in 0 7 100 5000; do
	rm -rf half && cp -R kept half
	head -c "$n" kept/resume.safetensors >half/resume.safetensors
	check "resume.safetensors cut to $n bytes" refuses 1 \
		half/resume.safetensors run -o half
done
rm -rf half && cp -R kept half
perl -0777 -pi -e 'substr($_, -9, 1) ^= "\x40"' half/resume.safetensors
check 'a flipped bit' refuses 1 damaged run -o half
rm -rf half && cp -R kept half
head -n 3 kept/log.tsv >half/log.tsv
check 'a log that lost lines' refuses 1 'but the unfinished run had written' \
	run -o half
rm -rf half && cp -R kept half
perl -pi -e 's/^4\t/5\t/' half/log.tsv
check 'a log of other updates' refuses 1 \
	'half/resume.safetensors: ' run -o half
check 'it says which' grep -q 'updates of .* tokens, but its log.tsv has others' \
	refuses.err
rm -rf half && cp -R kept half
head -n 3 kept/log.tsv >>half/log.tsv
run -o half
check 'a log that has more is cut' alike whole half

# A full disk: the limit on file size stands for it.
limited() { # KILOBYTES COMMAND...
	(trap '' XFSZ; ulimit -f "$1"; shift; "$@")
}
check 'no room for the state' refuses 1 full/ limited 8 run -o full --save-every 0
check 'nothing half-written' test -z "$(ls full | grep -v tsv)"
check 'no room for the model' refuses 1 full/ limited 8 run -o full
check 'no model' test ! -e full/model.safetensors
check 'it says that nothing is left' grep -q 'full: what its .* updates came '\
'to cannot be kept, either; .*, the same command begins anew$' refuses.err
run -o full
check 'with room again' alike whole full
for name in recipe.yml best; do # of which one is a folder, one leads to none
	[[ $name == best && ! -d /proc/self ]] &&
		skip 'no way to write the best' 'no /proc' && continue
	rm -rf full && mkdir -p full
	[[ $name == best ]] && ln -s /proc full/best || mkdir full/recipe.yml
	check "no way to write $name" refuses 1 ": " run -o full --force
	check 'it says that all is kept' grep -q 'full: all up to update .* is '\
'kept; .*, the same command goes on from there$' refuses.err
	rm -r "full/$name"
	check 'it can be written then' run -o full --force
	check 'and is the same' alike whole full
done
small=$(wc -c <m/model.safetensors)
if unshare -rm true 2>/dev/null; then
	disk() { # KILOBYTES COMMAND...: into the folder full, a disk of that size
		unshare -rm bash -c 'mount -t tmpfs -o size="$0k" none full && "$@"' \
			"$@"
	}
	check 'a disk too small is found before training' refuses 1 \
		"full: room for " disk $((small / 2048)) \
		mt-finetune -q -i m --epochs 100000 -o full cola.st
	check 'with a best model, too' refuses 1 \
		'for the model and the best one' disk $((small * 3 / 2048)) \
		mt-finetune -q -i m --epochs 100000 -o full --dev dev.st cola.st
else
	skip 'a disk too small' 'no namespaces'
fi

# A run whose teacher became another one, or was one.
mt-finetune -q -i m -o T2 --seed 2 --epochs 1 $packs
taught() {
	exec kd-train -q -i n --batch-size 2 --epochs 3 --feature-hidden 1 \
		--teacher-soft ${teacher---teacher T} "$@" cola.st
}
start() {
	taught "$@"
}
rm -rf half kept whole
run -o whole
start_and_kill half 2>kill.err
cp -R half kept
teacher='--teacher T2' other 'another teacher' "teacher 1 'crc32" run -o half
teacher='--teacher cola=T' other 'a teacher of one task' \
	"teacher 1's task 'any', this one has 'cola'" run -o half
teacher='--teacher T --feature-map 1:1' other 'another map' \
	"recipe 'feature-map: even', this one has 'feature-map: 1:1'" \
	run -o half
rm -rf half && cp -R kept half
run -o half --threads 1 --recompute
check 'a student from inside: killed, refused, and run again' alike whole half

# Pre-training too.
tail -n +2 cola-ex.tsv | cut -f 3 |
	awk '{ print } NR % 4 == 0 { print "" }' >text
cp text held
awk 'NR == 4 { x = $0; next } { print } NR == 5 { print x }' text >moved
start() {
	exec mlm-pretrain -q -i "${init:-m}" --batch-size 2 --epochs 40 \
		--dev held --evaluate-every 5 "$@" "${text:-text}"
}
rm -rf half kept whole
run -o whole
start_and_kill half 2>kill.err
cp -R half kept
text=moved other 'a document that ends earlier' "text '10 documents" run -o half
head -n 9 text >text2
text=text2 other 'another text' "text '10 documents" run -o half
init=m4 other 'pre-training, another shape' "config.json 'crc32" run -o half
init=m9 other 'pre-training, another model' "init 'crc32" run -o half
rm -r half/best
check 'a best model that is lost' refuses 1 \
	'half/best/model.safetensors: is not there' run -o half
rm -rf half && cp -R kept half
run -o half
check 'pre-training: killed, refused, and run again' alike whole half
model-new -v vocab.txt --layers 3 --hidden 16 --positions 64 -o deep 2>new.err
start() {
	exec mlm-pretrain -q -i n --teacher "${teacher:-deep}" --mask 0 \
		--max-length 64 --feature-hidden 1 --feature-cosine 1 \
		--batch-size 2 --epochs 40 --dev moved --evaluate-every 10 \
		"$@" text
}
rm -rf half kept whole
run -o whole 2>notes
start_and_kill half 2>kill.err
cp -R half kept
teacher=T other 'pre-training, another teacher' "teacher 'crc32" run -o half
rm -rf half && cp -R kept half
run -o half --threads 1 2>notes
check 'pre-training from inside: killed, refused, and run again' \
	alike whole half
finish
