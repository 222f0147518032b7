# daruma.bash: bash completion of daruma(8)
# SPDX-License-Identifier: LGPL-2.1-or-later

_daruma() {
	local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]} verb='' i
	local verbs='status list show explain products diff list-generations crash history check is-healthy
		is-safe report mark-good set-oneshot policy quarantine restore release purge list-quarantine
		install image remove help'
	local options='--help --version --json= --quiet --root= --esp-path= --no-variables --graceful --dry-run
		--assume-yes --now --force --key= --certificate= --output= --expose-initramfs --shim= --order= --full --reread --lines= --no-legend --no-pager --color= --utc'

	COMPREPLY=()
	for ((i = 1; i < COMP_CWORD; i++)); do
		[[ ${COMP_WORDS[i]} == -* || ${COMP_WORDS[i]} == '=' || ${COMP_WORDS[i - 1]} == '=' ]] && continue
		verb=${COMP_WORDS[i]}
		break
	done
	if [[ $before == '=' ]]; then
		before=${COMP_WORDS[COMP_CWORD - 2]}
	elif [[ $word == '=' ]]; then
		word=''
	fi
	case $before in
	--json) mapfile -t COMPREPLY < <(compgen -W 'pretty short off' -- "$word") && return ;;
	--color) mapfile -t COMPREPLY < <(compgen -W 'auto always never' -- "$word") && return ;;
	--order) mapfile -t COMPREPLY < <(compgen -W 'first keep' -- "$word") && return ;;
	--shim) mapfile -t COMPREPLY < <(compgen -W 'none' -- "$word") && return ;;
	--key | --certificate | --output) mapfile -t COMPREPLY < <(compgen -f -- "$word") && return ;;
	--root | --esp-path) mapfile -t COMPREPLY < <(compgen -d -- "$word") && return ;;
	esac
	if [[ $word == -* ]]; then
		mapfile -t COMPREPLY < <(compgen -W "$options" -- "$word")
		[[ ${COMPREPLY[0]-} == *= ]] && compopt -o nospace
		return
	fi
	case $verb in
	'') mapfile -t COMPREPLY < <(compgen -W "$verbs" -- "$word") ;;
	show | explain)
		mapfile -t COMPREPLY < <(compgen -W "@current @last @last-good
			$(daruma -q --no-legend list 2>/dev/null | cut -d ' ' -f 1)" -- "$word")
		;;
	diff)
		mapfile -t COMPREPLY < <(compgen -W "@last @last-good @now
			$(daruma -q --no-legend list-generations 2>/dev/null | cut -d ' ' -f 1)" -- "$word")
		;;
	image) mapfile -t COMPREPLY < <(compgen -f -W 'none' -- "$word") ;;
	set-oneshot) mapfile -t COMPREPLY < <(compgen -W 'normal safe' -- "$word") ;;
	policy)
		if [[ $before == check ]]; then
			mapfile -t COMPREPLY < <(compgen -f -- "$word")
		else
			mapfile -t COMPREPLY < <(compgen -W 'show check apply' -- "$word")
		fi
		;;
	restore | release | purge)
		local kernel=
		[[ $before == release ]] && kernel=kernel
		mapfile -t COMPREPLY < <(compgen -W "all $kernel
			$(daruma -q --no-legend list-quarantine 2>/dev/null | cut -d ' ' -f 1)" -- "$word")
		;;
	crash | quarantine) mapfile -t COMPREPLY < <(compgen -f -- "$word") ;;
	esac
}
complete -F _daruma daruma
