# The settings of a run, as its models have kept them.

settings() {
	local configs=("$out"/encoder/*/config.json)
	echo '<h2 id="settings">Settings</h2>'
	echo '<p>Those in effect in training, from the recipe that each model keeps.
	Where the models of a kind differ, all their values stand.</p>'
	cat "$folder/settings.html"
	[[ -e ${configs[0]} ]] || return 0
	echo '<h3>Encoders</h3>'
	words html-encoders "${configs[@]}" | table 'Encoders'
}
