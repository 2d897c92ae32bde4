#!/bin/sh
# libdhcpha - DHCP High Availability as a library
# SPDX-License-Identifier: MPL-2.0
#
# The C programs printed in the texts are the ones that are built, past their licence header.
set -eu
: "${top_srcdir:=$(dirname "$0")/../..}"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
faults=0

compare() { # TEXT SOURCE
  sed -n '/^```c$/,/^```$/p' "$top_srcdir/$1" | sed '/^```/d' > "$work/printed"
  sed '1,/^$/d' "$top_srcdir/$2" > "$work/built"
  diff -u "$work/built" "$work/printed" || {
    echo "check_readme: $1 and $2 differ"
    faults=1
  }
}

compare README.md examples/embed/embed.c
compare doc/embedding.md examples/embed/serve.c
exit $faults
