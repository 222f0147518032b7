# daruma.fish: fish completion of daruma(8)
# SPDX-License-Identifier: LGPL-2.1-or-later

function __daruma_boots --description 'Boots that daruma knows'
    printf '%s\n' @current @last @last-good
    daruma -q --no-legend list 2>/dev/null | string replace -r ' .*' ''
end

function __daruma_generations --description 'States that are kept'
    printf '%s\n' @last @last-good @now
    daruma -q --no-legend list-generations 2>/dev/null | string replace -r ' .*' ''
end

function __daruma_entries --description 'What is set aside'
    echo all
    daruma -q --no-legend list-quarantine 2>/dev/null | string replace -r ' .*' ''
end

function __daruma_verb --description 'Whether this is the argument right behind one of these verbs'
    set -l words (commandline -opc)
    contains -- $words[-1] $argv
end

complete -c daruma -f
complete -c daruma -n __fish_use_subcommand -a status -d 'what this boot is, and what waits (default)'
complete -c daruma -n __fish_use_subcommand -a list -d 'boots, newest first'
complete -c daruma -n __fish_use_subcommand -a show -d 'all that is known of one boot'
complete -c daruma -n __fish_use_subcommand -a explain -d 'what happened, in plain words'
complete -c daruma -n __fish_use_subcommand -a diff -d 'what changed between two generations, or since one'
complete -c daruma -n __fish_use_subcommand -a list-generations -d 'states that are kept to compare with'
complete -c daruma -n __fish_use_subcommand -a products -d 'the products that are here, and why they count'
complete -c daruma -n __fish_use_subcommand -a crash -d 'what the text of a crash says'
complete -c daruma -n __fish_use_subcommand -a history -d 'incidents and events'
complete -c daruma -n __fish_use_subcommand -a check -d 'what works on this machine'
complete -c daruma -n __fish_use_subcommand -a is-healthy -d 'exit 0 if this boot was answered good'
complete -c daruma -n __fish_use_subcommand -a is-safe -d 'exit 0 if this is the safe profile'
complete -c daruma -n __fish_use_subcommand -a report -d 'one incident as a record'
complete -c daruma -n __fish_use_subcommand -a mark-good -d 'answer this boot as good, now'
complete -c daruma -n __fish_use_subcommand -a set-oneshot -d 'choose the rung of the next boot'
complete -c daruma -n __fish_use_subcommand -a policy -d 'the policy in force'
complete -c daruma -n __fish_use_subcommand -a quarantine -d 'set a file of a product aside'
complete -c daruma -n __fish_use_subcommand -a restore -d 'undo what was set aside, reduced or switched off'
complete -c daruma -n __fish_use_subcommand -a release -d 'give back on trial what was set aside or reduced, or the kernel'
complete -c daruma -n __fish_use_subcommand -a purge -d 'delete for good what was set aside'
complete -c daruma -n __fish_use_subcommand -a list-quarantine -d 'what is set aside, reduced or switched off'
complete -c daruma -n __fish_use_subcommand -a install -d 'put the stage into the boot path'
complete -c daruma -n __fish_use_subcommand -a image -d 'have safe and rescue starts be of a signed image'
complete -c daruma -n __fish_use_subcommand -a remove -d 'take the stage out of the boot path'
complete -c daruma -n __fish_use_subcommand -a help -d 'this text'

complete -c daruma -n '__daruma_verb show explain' -a '(__daruma_boots)'
complete -c daruma -n '__fish_seen_subcommand_from diff' -a '(__daruma_generations)'
complete -c daruma -n '__daruma_verb set-oneshot' -a 'normal safe'
complete -c daruma -n '__daruma_verb policy' -a 'show check apply'
complete -c daruma -n '__fish_seen_subcommand_from policy; and __daruma_verb check' -F
complete -c daruma -n '__daruma_verb crash quarantine' -F
complete -c daruma -n '__daruma_verb image' -a none -F
complete -c daruma -n '__daruma_verb release' -a kernel
complete -c daruma -n '__daruma_verb restore release purge' -a '(__daruma_entries)'

complete -c daruma -s h -l help -d 'this text'
complete -c daruma -l version -d 'the version'
complete -c daruma -s j -d 'JSON: pretty on a terminal, short in a pipe'
complete -c daruma -l json -x -a 'pretty short off' -d 'the form of JSON, or none'
complete -c daruma -s q -l quiet -d 'no messages but errors'
complete -c daruma -l root -x -a '(__fish_complete_directories)' -d 'work on the system below PATH'
complete -c daruma -l esp-path -x -a '(__fish_complete_directories)' -d 'where the ESP is mounted'
complete -c daruma -l no-variables -d 'leave EFI variables alone'
complete -c daruma -l graceful -d '"not possible here" is success'
complete -c daruma -l dry-run -d 'print the plan and change nothing'
complete -c daruma -s y -l assume-yes -d 'do not ask'
complete -c daruma -l now -d 'remove at once, without the restart that forgets the record'
complete -c daruma -l force -d 'release over a newer version; install or image that may be refused'
complete -c daruma -l key -r -F -d 'image: the private key to sign with'
complete -c daruma -l certificate -r -F -d 'image: the certificate of that key'
complete -c daruma -l output -r -F -d 'image: only write it to FILE'
complete -c daruma -l expose-initramfs -d 'image: from an encrypted disk too, though it may hold its key'
complete -c daruma -l shim -x -a none -d 'install: have shim start the stage, or the firmware'
complete -c daruma -l order -x -a 'first keep' -d 'put our boot entry first, or keep the order'
complete -c daruma -s l -l full -d 'do not shorten columns'
complete -c daruma -s n -l lines -x -d 'at most N rows; 0: all'
complete -c daruma -l no-legend -d 'no column heads'
complete -c daruma -l no-pager -d 'understood; no pager is started anyway'
complete -c daruma -l color -x -a 'auto always never' -d 'understood; nothing is coloured anyway'
complete -c daruma -l utc -d 'times in UTC'
complete -c daruma -l reread -d 'diff: read files too that look untouched'
