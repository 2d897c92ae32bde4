#!/bin/sh
# libdhcpha - DHCP High Availability as a library
# SPDX-License-Identifier: MPL-2.0
#
# ./demo can say what it does, without building or writing anything.
set -eu
: "${top_srcdir:=$(dirname "$0")/../..}"
command -v python3 > /dev/null || { echo "check_demo: there is no python3"; exit 77; }
help=$("$top_srcdir/demo" --help)
for word in --report --keep --rate; do
  case $help in
    *"$word"*) ;;
    *) echo "check_demo: --help does not tell of $word"; exit 1 ;;
  esac
done
