#!/bin/sh
# libdhcpha - DHCP High Availability as a library
# SPDX-License-Identifier: MPL-2.0
#
# doc/reference.md has a row for each section of the protocol reference, and names no file that is
# not there.
set -eu
: "${top_srcdir:=$(dirname "$0")/../..}"
cd "$top_srcdir"
page=doc/reference.md
faults=0

fault() {
  echo "check_reference: $1"
  faults=1
}

# A section that is divided is named by its parts, but for the tables of P2 1.6.
sections() { # PART FILE
  sed -n 's/^##*  *\([0-9][0-9.]*\)[. ].*/\1/p' "$2" | sed 's/\.$//' | grep -v '^1\.6\.' |
    awk -v part="$1" '{ all[NR] = $1 } END {
      for (i = 1; i <= NR; i++)
        if (all[i] != 0 && !(i < NR && index(all[i + 1], all[i] ".") == 1)) print part, all[i] }'
}

{ sections P1 doc/protocol/1-config-filter-wire.md
  sections P2 doc/protocol/2-state-machine-sync.md; } >"${TMPDIR:-/tmp}/sections.$$"
while read -r part section; do
  grep -q "^| $part $section |" $page || fault "no row for $part $section"
done <"${TMPDIR:-/tmp}/sections.$$"
rows=$(wc -l <"${TMPDIR:-/tmp}/sections.$$")
rm -f "${TMPDIR:-/tmp}/sections.$$"
[ "$rows" -gt 80 ] || fault "only $rows sections were found in the reference"

for name in $(grep '^|' $page | grep -o '`[^`]*\.[a-z0-9]*`' | tr -d '`' | sort -u); do
  case $name in
    */*) [ -e "$name" ] || fault "there is no $name" ;;
    *.txt) [ -e "tests/scenarios/$name" ] || fault "there is no scenario $name" ;;
  esac
done
exit $faults
