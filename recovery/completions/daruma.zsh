#compdef daruma
# daruma.zsh: zsh completion of daruma(8)
# SPDX-License-Identifier: LGPL-2.1-or-later

(( $+functions[_daruma_verbs] )) || _daruma_verbs() {
	local -a verbs=(
		'status:what this boot is, and what waits (default)'
		'list:boots, newest first'
		'show:all that is known of one boot'
		'explain:what happened, in plain words'
		'diff:what changed between two generations, or since one'
		'list-generations:states that are kept to compare with'
		'products:the products that are here, and why they count'
		'crash:what the text of a crash says'
		'history:incidents and events'
		'check:what works on this machine'
		'is-healthy:exit 0 if this boot was answered good'
		'is-safe:exit 0 if this is the safe profile'
		'report:one incident as a record'
		'mark-good:answer this boot as good, now'
		'set-oneshot:choose the rung of the next boot'
		'policy:the policy in force'
		'quarantine:set a file of a product aside'
		'restore:undo what was set aside, reduced or switched off'
		'release:give back on trial what was set aside or reduced, or the kernel'
		'purge:delete for good what was set aside'
		'list-quarantine:what is set aside, reduced or switched off'
		'install:put the stage into the boot path'
		'image:have safe and rescue starts be of a signed image'
		'remove:take the stage out of the boot path'
		'help:this text'
	)
	_describe -t verbs verb verbs
}

# $words begins with the verb here.
(( $+functions[_daruma_argument] )) || _daruma_argument() {
	case $words[1]:$CURRENT in
	show:2 | explain:2)
		compadd -- @current @last @last-good ${(f)"$(daruma -q --no-legend list 2>/dev/null | cut -d ' ' -f 1)"} ;;
	diff:2 | diff:3)
		compadd -- @last @last-good @now ${(f)"$(daruma -q --no-legend list-generations 2>/dev/null | cut -d ' ' -f 1)"} ;;
	set-oneshot:2) compadd normal safe ;;
	policy:2) compadd show check apply ;;
	policy:3) [[ $words[2] == check ]] && _files ;;
	crash:2 | quarantine:2) _files ;;
	image:2) _alternative 'words:word:(none)' 'files:file:_files' ;;
	release:2) compadd -- all kernel ${(f)"$(daruma -q --no-legend list-quarantine 2>/dev/null | cut -d ' ' -f 1)"} ;;
	restore:2 | purge:2) compadd -- all ${(f)"$(daruma -q --no-legend list-quarantine 2>/dev/null | cut -d ' ' -f 1)"} ;;
	esac
}

_arguments -s \
	'(-h --help)'{-h,--help}'[this text]' \
	'--version[the version]' \
	'(-j --json)-j[JSON: pretty on a terminal, short in a pipe]' \
	'(-j --json)--json=[the form of JSON, or none]:form:(pretty short off)' \
	'(-q --quiet)'{-q,--quiet}'[no messages but errors]' \
	'--root=[work on the system below PATH]:path:_files -/' \
	'--esp-path=[where the ESP is mounted]:path:_files -/' \
	'--no-variables[leave EFI variables alone]' \
	'--graceful["not possible here" is success]' \
	'--dry-run[print the plan and change nothing]' \
	'(-y --assume-yes)'{-y,--assume-yes}'[do not ask]' \
	'--now[remove at once, without the restart that forgets the record]' \
	'--force[release over a newer version; install or image that may be refused]' \
	'--key=[image\: the private key to sign with]:file:_files' \
	'--certificate=[image\: the certificate of that key]:file:_files' \
	'--output=[image\: only write it to FILE]:file:_files' \
	'--expose-initramfs[image\: from an encrypted disk too, though it may hold its key]' \
	'--shim=[install\: have shim start the stage, or the firmware]:path on the ESP:(none)' \
	'--order=[put our boot entry first, or keep the order]:order:(first keep)' \
	'(-l --full)'{-l,--full}'[do not shorten columns]' \
	'(-n --lines)'{-n,--lines=}'[at most N rows; 0\: all]:number: ' \
	'--no-legend[no column heads]' \
	'--no-pager[understood; no pager is started anyway]' \
	'--color=[understood; nothing is coloured anyway]:when:(auto always never)' \
	'--utc[times in UTC]' \
	'--reread[diff\: read files too that look untouched]' \
	'1:verb:_daruma_verbs' \
	'*::argument:_daruma_argument'
