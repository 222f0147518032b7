# lib.sh: what run and try share: which tests a patch names, and what was seen before with the same sources
# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=sh

# shellcheck disable=SC2154 # top is of those who read this
kept=$top/build/mutants/passed

expect_of() {
	sed -n '1s/^# expect: *\(.*[^ ]\) *$/\1/p' "$1"
}

# The tests that must be green first, one a line. Scenarios are not asked: minutes each, and `make vm-all` shows it.
tests_of() {
	case $1 in
	vm\ *) ;;
	cli\ *) echo "${1#cli }" | tr -s ' ' '\n' | sed -n 's/^./cli &/p' ;;
	*) echo "$1" ;;
	esac
}

# Of one patch with these sources.
key_of() {
	{ echo "$MUTANTS_SOURCES"; cat "$1"; } | sha256sum
}

keep() {
	echo "$2" >"$kept/$1"
}

was_kept() {
	[ "$(cat "$kept/$1" 2>/dev/null)" = "$2" ]
}

# The name of a file for one test: "cli a_case" is cli-a_case.
file_of() {
	echo "$1" | tr -c 'a-zA-Z0-9_\n' -
}

was_green() {
	was_kept "$(file_of "$1").unbroken" "$MUTANTS_SOURCES"
}
