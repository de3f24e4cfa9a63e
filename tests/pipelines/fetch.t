#!/usr/bin/perl
# fetch-bert and fetch-glue against a server of our own on 127.0.0.1: broken
# downloads go on, wrong checksums are refused, nothing unchecked has a name.
use strict;
use warnings;
use Digest::SHA 'sha256_hex';
use File::Temp 'tempdir';
use IO::Socket::INET;
use Test::More;

for my $tool (qw(curl unzip sha256sum awk)) {
	plan skip_all => "no $tool" if system("command -v $tool >/dev/null");
}
plan skip_all => 'no IO::Compress::Zip'
    unless eval { require IO::Compress::Zip; 1 };

my $tmp = tempdir(CLEANUP => 1);
my $log = "$tmp/requests";
my %content = (
	'/a/model.bin' => join('', map { pack 'N', $_ * 2654435761 % 2**32 }
		1 .. 50000),
	'/a/vocab.txt' => "[PAD]\n[UNK]\n",
	'/changed' => 'one',
);

# A zip archive of name => text.
sub archive {
	my (%file) = @_;
	my $zip = '';
	my $z;
	for my $name (sort keys %file) {
		$z ? $z->newStream(Name => $name)
		   : ($z = IO::Compress::Zip->new(\$zip, Name => $name));
		$z->print($file{$name});
	}
	$z->close;
	return $zip;
}

# --- the server ---

my $socket = IO::Socket::INET->new(LocalAddr => '127.0.0.1', Listen => 20,
	ReuseAddr => 1) or plan skip_all => 'no socket on 127.0.0.1';
my $base = 'http://127.0.0.1:' . $socket->sockport;

# Requests with a file in $tmp/cut send that many bytes and hang up.
sub answer {
	my ($client) = @_;
	my ($path, $from) = ('', 0);
	while (defined(my $line = <$client>)) {
		$path = $1 if $line =~ m{^GET (\S+)};
		$from = $1 if $line =~ /^Range: bytes=(\d+)-/i;
		last if $line =~ /^\r?$/;
	}
	open my $l, '>>', $log;
	print $l "$path $from\n";
	close $l;
	$from = 0 if -e "$tmp/no-ranges";
	my $body = $content{$path};
	if (-e "$tmp/serve$path") {
		open my $f, '<:raw', "$tmp/serve$path";
		local $/;
		$body = <$f>;
	}
	if (!defined $body) {
		print $client "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n",
		    "Connection: close\r\n\r\n";
		return;
	}
	my $size = length $body;
	if ($from > 0 && $from >= $size) {
		print $client "HTTP/1.1 416 Range Not Satisfiable\r\n",
		    "Content-Range: bytes */$size\r\nContent-Length: 0\r\n",
		    "Connection: close\r\n\r\n";
		return;
	}
	my $rest = substr $body, $from;
	print $client $from > 0 ? "HTTP/1.1 206 Partial Content\r\n" .
	    "Content-Range: bytes $from-@{[$size - 1]}/$size\r\n"
	    : "HTTP/1.1 200 OK\r\n";
	print $client "Content-Length: ", length $rest, "\r\n",
	    "Connection: close\r\n\r\n";
	if (-e "$tmp/cut") {
		open my $f, '<', "$tmp/cut";
		my ($bytes, $times) = split ' ', scalar <$f>;
		close $f;
		$rest = substr $rest, 0, $bytes;
		unlink "$tmp/cut";
		if ($times > 1) {
			open $f, '>', "$tmp/cut.new";
			print $f $bytes, ' ', $times - 1, "\n";
			close $f;
			rename "$tmp/cut.new", "$tmp/cut";
		}
	}
	print $client $rest;
}

my $server = fork // die "fork: $!";
if ($server == 0) {
	$SIG{PIPE} = 'IGNORE';
	while (my $client = $socket->accept) {
		answer($client);
		close $client;
	}
	exit 0;
}
close $socket;
END {
	my $status = $?;
	if ($server) {
		kill 'TERM', $server;
		waitpid $server, 0;
	}
	$? = $status;
}

# --- helpers ---

sub put {
	my ($path, $text) = @_;
	open my $f, '>:raw', $path or die "$path: $!";
	print $f $text;
	close $f;
}

sub get {
	my ($path) = @_;
	open my $f, '<:raw', $path or return undef;
	local $/;
	return scalar <$f>;
}

sub requests {
	my $text = get($log) // '';
	unlink $log;
	return $text;
}

sub cut {
	my ($bytes, $times) = @_;
	put("$tmp/cut", "$bytes $times\n");
}

my ($status, $stdout, $stderr);

sub run {
	my ($command) = @_;
	local $ENV{FETCH_PAUSE} = 0;
	$stdout = `cd '$tmp' && '$ENV{PWD}'/pipelines/$command 2>'$tmp/err'`;
	$status = $? >> 8;
	$stderr = get("$tmp/err");
}

use Cwd;
$ENV{PWD} = getcwd;
delete @ENV{qw(http_proxy https_proxy HTTP_PROXY HTTPS_PROXY all_proxy
    ALL_PROXY MTKD_FETCH_BASE)};

sub bert {
	my ($arguments) = @_;
	run("fetch-bert --list '$tmp/list' --base $base $arguments");
}

my $sum = sha256_hex($content{'/a/model.bin'});
my $member = "tensors\n" x 20000;
my $archive = archive('r/bert_config.json' => "{}\n",
	'r/bert_model.ckpt.index' => $member, 'r/bert_model.ckpt.meta' => 'x');
mkdir "$tmp/serve";
put("$tmp/serve/r.zip", $archive);
put("$tmp/list", "# release\tfile\tsha256\turl\n" .
	"a\tvocab.txt\t-\thttps://example.org/a/vocab.txt\n" .
	"a\tmodel.bin\t$sum\thttps://example.org/a/model.bin\n" .
	"wrong\tmodel.bin\t" . '0' x 64 . "\thttps://example.org/a/model.bin\n" .
	"gone\tx.bin\t-\thttps://example.org/none\n" .
	"changing\tchanged\t-\thttps://example.org/changed\n" .
	"tf\tr.zip\t-\thttps://example.org/r.zip\n" .
	"tf\tbert_config.json\t" . sha256_hex("{}\n") . "\tzip:r.zip\n" .
	"tf\tbert_model.ckpt.index\t" . sha256_hex($member) . "\tzip:r.zip\n" .
	"tfwrong\tr.zip\t-\thttps://example.org/r.zip\n" .
	"tfwrong\tbert_config.json\t" . '0' x 64 . "\tzip:r.zip\n");

# --- whole downloads ---

bert('a');
is($status, 0, 'a release is fetched');
is(get("$tmp/a/model.bin"), $content{'/a/model.bin'}, 'its bytes');
is(get("$tmp/a/SHA256SUMS"), sha256_hex($content{'/a/vocab.txt'}) .
	"  vocab.txt\n", 'an unpublished checksum is kept');
like($stderr, qr/no checksum is published; this one is kept: [0-9a-f]{64}/,
	'and printed');
is($stdout, '', 'nothing on stdout');
is(requests(), "/a/vocab.txt 0\n/a/model.bin 0\n", 'one request each');
bert('a');
is("$status " . requests(), '0 ', 'a second run fetches nothing');

# --- broken connections ---

cut(70000, 2); # the vocabulary's 12 bytes are the first
bert('-o b a');
is($status, 0, 'a broken download goes on');
like(requests(), qr{/a/model.bin 70000\n}, 'behind what is there');
is(get("$tmp/b/model.bin"), $content{'/a/model.bin'}, 'its bytes');

unlink "$tmp/b/model.bin";
requests();
cut(30000, 5);
bert('-o b a');
is($status, 1, 'one that breaks off five times is given up');
like($stderr, qr{/a/model\.bin: not fetched in 5 tries}, 'with a message');
ok(!-e "$tmp/b/model.bin", 'no file under its name');
is(-s "$tmp/b/model.bin.part", 150000, 'what came is kept');
requests();
bert('-o b a');
is($status, 0, 'the next run');
is(requests(), "/a/model.bin 150000\n", 'goes on behind it');
is(get("$tmp/b/model.bin"), $content{'/a/model.bin'}, 'its bytes');
ok(!-e "$tmp/b/model.bin.part", 'nothing is left beside it');

rename "$tmp/b/model.bin", "$tmp/b/model.bin.part";
bert('-o b a');
is($status, 0, 'a whole file that lacked its name gets it');
is(get("$tmp/b/model.bin"), $content{'/a/model.bin'}, 'its bytes');

unlink "$tmp/b/model.bin";
put("$tmp/b/model.bin.part", 'x' x 1000);
bert('-o b a');
is($status, 1, 'a part of another file ends in a wrong checksum');
ok(!-e "$tmp/b/model.bin" && !-e "$tmp/b/model.bin.part", 'and goes');

unlink "$tmp/b/vocab.txt", "$tmp/b/SHA256SUMS";
put("$tmp/b/vocab.txt.part", 'x' x 1000);
bert('-o b a');
is($status, 0, 'a part that is too long is fetched anew');
is(get("$tmp/b/vocab.txt"), $content{'/a/vocab.txt'}, 'its bytes');
put("$tmp/no-ranges", '');
unlink "$tmp/b/model.bin";
put("$tmp/b/model.bin.part", 'x' x 1000);
bert('-o b a');
is($status, 0, 'a server that cannot go on starts anew');
is(get("$tmp/b/model.bin"), $content{'/a/model.bin'}, 'its bytes');
unlink "$tmp/no-ranges";

# --- checksums ---

bert('wrong');
is($status, 1, 'a wrong checksum is refused');
like($stderr, qr/has the checksum $sum, expected 0{64}: refused/, 'named');
is(join(' ', glob "$tmp/wrong/*"), '', 'no file is left');
put("$tmp/a/model.bin", 'damaged');
requests();
bert('a');
is($status, 1, 'a damaged file is an error');
like($stderr, qr{a/model\.bin has another checksum than $sum}, 'named');
is(requests(), '', 'and nothing is fetched');
bert('changing');
is($status, 0, 'a file of unknown checksum');
unlink "$tmp/changing/changed";
put("$tmp/serve/changed", 'two');
bert('changing');
is($status, 1, 'is refused when it has changed');
ok(!-e "$tmp/changing/changed" && !-e "$tmp/changing/changed.part",
	'and not kept');

# --- archives ---

requests();
bert('tf');
is($status, 0, 'files of an archive');
is(get("$tmp/tf/bert_model.ckpt.index"), $member, 'their bytes');
is(join(' ', sort map { s{.*/}{}r } glob "$tmp/tf/*"),
	'SHA256SUMS bert_config.json bert_model.ckpt.index', 'alone');
is(requests(), "/r.zip 0\n", 'one request');
bert('tf');
is("$status " . requests(), '0 ', 'a second run fetches nothing');
bert('tfwrong');
is($status, 1, 'a wrong file in an archive is refused');
ok(!-e "$tmp/tfwrong/bert_config.json", 'and not there');

# --- mistakes ---

bert('gone');
is($status, 1, 'a file that is gone');
like($stderr, qr{not fetched}, 'is named');
ok(!-e "$tmp/gone/x.bin", 'and not there');
bert('none');
is($status, 1, 'an unknown release is exit 1');
like($stderr, qr/no release 'none'; fetch-bert -l lists them/, 'named');
for (['', 2], ['--no-such a', 2], ['a b', 2], ['-o', 2], ['--help', 0],
    ['-h', 0], ['-l', 0]) {
	bert($_->[0]);
	is($status, $_->[1], "fetch-bert $_->[0]: exit $_->[1]");
}
like($stdout, qr/\Aa\nwrong\n/, '-l lists the releases');
run('fetch-bert -l');
like($stdout, qr/^all-MiniLM-L6-v2$/m, 'a sentence encoder is among ours');

# --- GLUE ---

sub table {
	return join '', map { join("\t", @$_) . "\n" } @_;
}

my $bom = "\xef\xbb\xbf";
my @head = ("${bom}Quality", '#1 ID', '#2 ID', '#1 String', '#2 String');
my %glue = (
	'RTE.zip' => archive('RTE/train.tsv' => "rte train\n",
		'RTE/dev.tsv' => "rte dev\n"),
	'MNLI.zip' => archive('MNLI/train.tsv' => "mnli\n",
		'MNLI/original/x.tsv' => "no\n", 'MNLI/README.txt' => "no\n"),
	'AX.tsv' => "index\tsentence1\tsentence2\n0\ta\tb\n",
	'mrpc_dev_ids.tsv' => "3\t4\n",
	'msr_paraphrase_train.txt' => table(\@head, [1, 1, 2, 'a', 'b'],
		[0, 3, 4, 'c "', 'd'], [1, 4, 3, 'e', "f\r"]),
	'msr_paraphrase_test.txt' => table(\@head, [1, 5, 6, 'g', 'h'],
		[0, 7, 8, 'i', 'j']),
);
my $list = '';
for my $file (sort keys %glue) {
	put("$tmp/serve/$file", $glue{$file});
	my $task = $file =~ /^m/ ? 'MRPC' : $file =~ s/\..*//r;
	$list .= join("\t", $task, $file, sha256_hex($glue{$file}),
		"https://example.org/$file") . "\n";
}
put("$tmp/glue-list", $list);

sub glue {
	my ($arguments) = @_;
	run("fetch-glue --list '$tmp/glue-list' $arguments");
}

requests();
$ENV{MTKD_FETCH_BASE} = "$base/";
glue('');
is($status, 0, 'GLUE is fetched') or diag($stderr);
is(get("$tmp/glue/RTE/dev.tsv"), "rte dev\n", 'tables of an archive');
is(join(' ', map { s{.*/}{}r } glob "$tmp/glue/MNLI/*"), 'train.tsv',
	'and no other files');
is(get("$tmp/glue/AX/diagnostic.tsv"), $glue{'AX.tsv'}, 'the diagnostic set');
is(get("$tmp/glue/MRPC/train.tsv"),
	table(\@head, [1, 1, 2, 'a', 'b'], [1, 4, 3, 'e', 'f']),
	'MRPC: train');
is(get("$tmp/glue/MRPC/dev.tsv"), table(\@head, [0, 3, 4, 'c "', 'd']),
	'MRPC: dev');
is(get("$tmp/glue/MRPC/test.tsv"),
	table(['index', @head[1 .. 4]], [0, 5, 6, 'g', 'h'],
		[1, 7, 8, 'i', 'j']), 'MRPC: test');
requests();
glue('RTE');
is("$status " . requests(), '0 ', 'a second run fetches nothing');
glue('-o some RTE');
is(join(' ', map { s{.*/}{}r } glob "$tmp/some/*"), 'RTE', 'one task alone');
glue('XYZ');
is($status, 1, 'an unknown task is exit 1');
glue('--no-such');
is($status, 2, 'an unknown option is exit 2');

# --- the lists that are shipped ---

for my $name ('bert', 'glue') {
	run("fetch-$name -l");
	my @rows = grep { !/^#/ } split /\n/, get("pipelines/fetch-$name.tsv");
	ok($status == 0 && @rows > 10, "fetch-$name.tsv is read");
	is(join(' ', grep { !m{^[\w-]+\t[\w.-]+\t(?:-|[0-9a-f]{64})\t(?:https://\S+|zip:\S+)$} }
		@rows), '', "fetch-$name.tsv: four columns, as they should be");
}
done_testing();
