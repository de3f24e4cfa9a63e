# plan: the trainings that make would run, as dry runs on what is there before
# any of them: a model stands for those that are trained from it.
#
#	awk -v out=OUT/ -v planned=OUT/planned/ -v encoder=E -f plan.awk PLAN
#
# PLAN is what make -n V=1 says with OUT=OUT/planned.  Prints the folder of each
# model, the dry run that costs as much, and what feeds its stdin.  Encoders and
# data of schools count as the run's encoder E and data.

!/timed .* (mt-finetune|kd-train|mlm-pretrain) / { next }
{
	text = /\| *\.\/timed / ? $0 : ""
	sub(/ *\| *\.\/timed .*/, "", text)
	sub(/^.*timed [^ ]* [^ ]* +/, "")
	kind = teacher = model = start = kept = packs = ""
	for (i = 1; i <= NF; i++)
		if ($i ~ /^(mt-finetune|kd-train|mlm-pretrain)$/)
			kind = $i
		else if ($i == "-i")
			start = first($(++i))
		else if ($i == "-o")
			model = $(++i)
		else if ($i == "--teacher")
			teacher = first($(++i))
		else if ($i ~ /^--(soft|mix|temperature|seed|dev|dropout)$/)
			i++
		else if ($i ~ /\.st$/)
			packs = packs " " there($i)
		else if (kind != "")
			kept = kept " " there($i)
	from[model] = start
	sub(/.*\//, "", start)
	gsub(/\$[{]member%%-\*[}]/, start, packs)
	start = from[model]
	if (kind == "kd-train" && teacher == "")
		kind = "mt-finetune"
	print model "\t" kind kept " --dry-run -i " start " -o " out "dry/none" \
	    (teacher == "" ? "" : " --teacher " teacher) packs "\t" text
}
# The model that all begins with; of one that the plan finds out later, what the
# members begin with.
function first(path) {
	if (path in from)
		return from[path]
	if (path ~ /\/mtdnn\/\$/) {
		for (path in from)
			if (path ~ /\/mtdnn\/[^\/]*$/)
				return from[path]
	}
	return there(path)
}
function there(path,   rest) {
	if (index(path, planned) != 1)
		return path
	path = substr(path, length(planned) + 1)
	if (sub(/^school\/[^\/]*\//, "", path) && match(path, /^(encoder|pack)\/[^\/]*/)) {
		rest = substr(path, RLENGTH + 1)
		sub(/\/.*/, "", path)
		path = path "/" encoder rest
	}
	return out path
}
