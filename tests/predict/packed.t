#!/usr/bin/env bash
# Models stored in int8 or bfloat16 (bert-export --dtype): answers of the same
# bytes as those of the float32 model in these numbers; what is damaged is
# found; who cannot read them says so.
set -uo pipefail
. "$(dirname "$0")/../tap.sh"
. "$(dirname "$0")/../small.sh"
workplace

small_data 40
printf 'tasks:\n  rte:\n    head: san\n' >san.yml
mt-finetune -q -i m -o t -r san.yml --learning-rate 0.01 --epochs 2 \
	cola.st rte.st stsb.st rank.st
ok $? 'a model of four heads, 40 features'

answers() { # MODEL NAME [OPTION...]
	local model=$1 name=$2
	shift 2
	for p in cola rte stsb rank; do
		mt-predict -m "$model" "$@" $p.st >"$name.$p" || return
	done
	mt-predict -m "$model" "$@" -t cola - <cola-ex.tsv >"$name.stdin" &&
		mt-predict -m "$model" "$@" --hidden tokens -o "$name.tokens" \
			cola.st
}

same() { # NAME NAME
	for p in cola rte stsb rank stdin tokens; do
		cmp "$1.$p" "$2.$p" || return
	done
}

# The tensors' names, types and shapes, then the numbers of one, of I8 or F32.
cat >tensors.pl <<'END'
use strict; use warnings; use JSON::PP;
our ($head, $meta, $data);
sub load {
	local $/; open my $f, '<', $_[0] or die; binmode $f; my $all = <$f>;
	my $n = unpack 'Q<', $all;
	$head = decode_json(substr $all, 8, $n);
	$meta = delete $head->{__metadata__};
	$data = substr $all, 8 + $n;
}
sub bytes {
	my ($a, $z) = @{$head->{$_[0]}{data_offsets} // die "no $_[0]"};
	return substr $data, $a, $z - $a;
}
sub numbers { my $t = shift; unpack $head->{$t}{dtype} eq 'I8' ? 'c*' : 'f<*', bytes($t) }
sub put { my ($t, $b) = @_; substr $data, $head->{$t}{data_offsets}[0], length $b, $b }
sub save {
	my ($path, $keep) = @_;
	delete @$meta{qw(crc32 header_crc32 metadata_crc32)} unless $keep;
	$meta->{mtkd} = 'model 1' unless $keep;
	my $j = JSON::PP->new->canonical->encode({%$head, __metadata__ => $meta});
	$j .= ' ' x (-length($j) % 64 + 56 - 0) while (length($j) + 8) % 64;
	open my $f, '>', $path or die; binmode $f;
	print $f pack('Q<', length $j), $j, $data; close $f or die;
}
1;
END

# Each number is its scale times that of 8 bits, to half a step; sums are sums.
cat >weigh.pl <<'END'
use strict; use warnings; require './tensors.pl';
our ($head, $data);
my ($plain, $packed) = @ARGV;
load($plain); my %w; my %shape;
for (grep /layer.*(query|key|value|dense)\.weight$/, keys %$head) {
	$w{$_} = [numbers($_)]; $shape{$_} = $head->{$_}{shape};
}
load($packed); my ($bad, $count) = (0, 0);
for my $t (sort keys %w) {
	my ($N, $K) = @{$shape{$t}};
	my ($blocks, $groups, $columns, $rows) = @{$head->{$t}{shape}};
	my @q = numbers($t); my @scale = numbers("${t}_scale");
	my @sum = numbers("${t}_sum");
	$bad++ unless $columns == 64 && $rows == 4 && @scale == $N && @sum == $N;
	for my $n (0 .. $N - 1) {
		my $total = 0;
		for my $k (0 .. $K - 1) {
			my $q = $q[((int($n / 64) * $groups + int($k / 4)) * 64 +
				$n % 64) * 4 + $k % 4];
			$total += $q; $count++;
			$bad++ if abs($q * $scale[$n] - $w{$t}[$n * $K + $k]) >
				$scale[$n] * 0.501;
		}
		$bad++ if $total != $sum[$n];
	}
}
print "$count weights, $bad wrong\n"; exit $bad > 0 || $count == 0;
END

if ! mt-predict -m t --matmul int8 cola.st >/dev/null 2>no; then
	skip 'int8' "$(cat no)"
	finish
fi
for type in int8 bfloat16; do
	numbers=${type/bfloat16/bf16}
	if ! answers t plain --matmul "$numbers" 2>no; then
		skip "$type" "$(cat no)"
		continue
	fi
	check "$type: written" bert-export --dtype $type -o $type t
	check "$type: whole" tensor-cat --check $type/model.safetensors
	answers $type stored
	check "$type: the same answers" same plain stored
	answers $type auto --matmul auto
	check "$type: auto is what is stored" same plain auto
	answers $type named --matmul "$numbers"
	check "$type: asked by name" same plain named
	bert-export --dtype $type -o one -t stsb t
	check "$type: -t keeps one head" cmp plain.stsb <(mt-predict -m one stsb.st)
	check "$type: and no other" refuses 1 "no head 'cola'" \
		mt-predict -m one cola.st
	check "$type: the same bytes again" \
		cmp <(bert-export --dtype $type -o again t &&
			cat again/model.safetensors) $type/model.safetensors
	check "$type: other numbers" refuses 1 \
		"its weights are stored in $numbers, and cannot be multiplied in float32" \
		mt-predict -m $type --matmul float32 cola.st
	for tool in 'mt-finetune -q -o no -i' 'bert-export -o no'; do
		# shellcheck disable=SC2086
		check "$type: ${tool%% *} cannot use it" refuses 1 \
			"its weights are stored in $type" \
			$tool $type $([[ $tool == bert* ]] || echo cola.st)
	done
	check "$type: bert-import cannot either" refuses 1 \
		"its weights are stored in $type" bert-import -o no $type
	check "$type: no masks" refuses 2 '--mlm: not of type' \
		bert-export --mlm --dtype $type -o no t
	# Other programs write tensors in an order of their own.
	cp -R $type other
	perl -e 'require "./tensors.pl"; our ($head, $data, $meta);
		load("other/model.safetensors"); my ($all, $at) = ("", 0);
		my @name = reverse sort keys %$head;
		for my $t ((grep { $head->{$_}{dtype} eq "F32" } @name),
		    grep { $head->{$_}{dtype} ne "F32" } @name) {
			my $bytes = bytes($t); $all .= $bytes;
			$head->{$t}{data_offsets} = [$at, $at + length $bytes];
			$at += length $bytes;
		}
		$data = $all; save("other/model.safetensors")'
	answers other other
	check "$type: tensors in another order" same plain other
	rm -rf one again other
done

check 'int8: the numbers are those of the weights' \
	perl weigh.pl t/model.safetensors int8/model.safetensors
if python3 -c 'import safetensors.numpy' 2>/dev/null; then
	check 'Python reads them' python3 -c '
from safetensors.numpy import load_file
t = load_file("int8/model.safetensors")
name = "bert.encoder.layer.1.intermediate.dense.weight"
q, scale = t[name], t[name + "_scale"]
w = q.transpose(0, 2, 1, 3).reshape(-1, q.shape[1] * 4)[:160, :40]
w = w * scale[:, None]
f = load_file("t/model.safetensors")[name]
assert str(q.dtype) == "int8" and abs(w - f).max() <= scale.max() * 0.501'
else
	skip 'Python reads them' 'no safetensors'
fi

# A model too narrow to be packed, and one whose blocks are whole.
model-new -v vocab.txt --hidden 12 --heads 2 --positions 64 -o narrow 2>/dev/null
model-new -v vocab.txt --hidden 64 --positions 64 -o wide 2>/dev/null
for m in narrow wide; do
	mt-finetune -q -i $m -o $m-t --epochs 1 --learning-rate 0.01 cola.st
	bert-export --dtype int8 -o $m-8 $m-t
	check "$m: the same answers" \
		cmp <(mt-predict -m $m-t --matmul int8 cola.st) \
		<(mt-predict -m $m-8 cola.st)
done

small_nan t nan
check 'no export of what is no number' refuses 1 "tensor 'heads." \
	bert-export --dtype int8 -o no nan

# --- damage ---

w=bert.encoder.layer.0.output.dense.weight
damaged() { # NAME WORDS PERL
	rm -rf bad
	cp -R int8 bad
	W=$w perl -e 'require "./tensors.pl"; our ($head, $meta, $data);
		load("bad/model.safetensors"); my $w = $ENV{W}; my $keep = 0;
		eval $ARGV[0]; die $@ if $@;
		save("bad/model.safetensors", $keep)' "$3"
	check "damage: $1" refuses 1 "$2" mt-predict -m bad cola.st
}
set_float='put("${w}_scale", pack("f<", $x))'
damaged 'a scale changed a little' 'the scales of the weights are damaged' \
	"my (\$x) = numbers(\"\${w}_scale\"); \$x *= 1.0001; $set_float"
damaged 'a scale that is NaN' "tensor '${w}_scale': number 1 of 40 is" \
	"my \$x = 'NaN'; $set_float"
damaged 'a scale below 0' "tensor '${w}_scale': number 1 of 40 is -1" \
	"my \$x = -1; $set_float"
damaged 'a sum between numbers' "tensor '${w}_sum': number 1 of 40 is 0.5" \
	'put("${w}_sum", pack("f<", 0.5))'
damaged 'a sum too large' "tensor '${w}_sum': number 1 of 40 is 20321" \
	'put("${w}_sum", pack("f<", 20321))'
damaged 'another sum' 'the scales of the weights are damaged' \
	'my ($x) = numbers("${w}_sum"); put("${w}_sum", pack("f<", $x + 1))'
damaged 'other scales' "tensor '${w}_scale': 1 numbers, expected 40" \
	'@$head{"padding", "${w}_scale"} = @$head{"${w}_scale", "padding"}'
damaged 'no checksum of them' scales_crc32 'delete $meta->{scales_crc32}'
damaged 'another shape' 'expected [1,48,64,4] of config.json' \
	'$head->{$w}{shape} = [48,1,64,4]'
damaged 'two dimensions' "tensor '$w'" '$head->{$w}{shape} = [192,64]'
damaged 'unsigned' "tensor '$w'" '$head->{$w}{dtype} = "U8"'
damaged 'numbers that there are not' "weights 'int4'" '$meta->{weights} = "int4"'
damaged 'taken for bfloat16' "tensor 'bert.encoder" '$meta->{weights} = "bfloat16"'
damaged 'taken for float32' "tensor '" 'delete $meta->{weights}'
damaged 'a tensor too many' "tensor 'bert.pooler.dense.weight_sum'" \
	'$head->{"bert.pooler.dense.weight_sum"} = delete $head->{padding}'
cp -R int8 flip
perl -0777 -pi -e 'substr($_, -1) ^= "\1"' flip/model.safetensors
check 'damage: a weight, by tensor-cat --check' refuses 1 'crc32' \
	tensor-cat --check flip/model.safetensors
truncate -s -1 flip/model.safetensors
check 'damage: cut' refuses 1 'the file is cut' mt-predict -m flip cola.st
finish
