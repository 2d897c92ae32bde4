#!/bin/sh
# libdhcpha - DHCP High Availability as a library
# SPDX-License-Identifier: MPL-2.0
#
# Each public header compiles alone, and twice, in C99 and in C++11, without a warning.
set -eu
: "${top_srcdir:=$(dirname "$0")/../..}" "${CC:=cc}" "${CXX:=c++}"
warnings="-Wall -Wextra -Wshadow -Wundef -Wconversion -pedantic-errors -Werror"
faults=0

try() { # HEADER COMPILER...
  header=$1
  shift
  printf '#include <dhcpha/%s>\n' "$header" "$header" |
    "$@" $warnings -I"$top_srcdir/include" -fsyntax-only - || {
    echo "check_headers: $header does not compile with $*"
    faults=1
  }
}

for path in "$top_srcdir"/include/dhcpha/*.h; do
  header=$(basename "$path")
  try "$header" $CC -x c -std=c99 -Wstrict-prototypes -Wmissing-prototypes
  try "$header" $CXX -x c++ -std=c++11 -Wold-style-cast
  case $header in
    dhcpha.h | http.h) ;;
    *)
      grep -q "^#include <dhcpha/$header>" "$top_srcdir/include/dhcpha/dhcpha.h" || {
        echo "check_headers: dhcpha.h does not include $header"
        faults=1
      }
      ;;
  esac
done
exit $faults
