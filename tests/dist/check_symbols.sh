#!/bin/sh
# libdhcpha - DHCP High Availability as a library
# SPDX-License-Identifier: MPL-2.0
#
# Each library exports exactly the functions its public headers declare with DHCPHA_API.
# The core needs libc and yajl only, and asks libc neither for time nor for sockets, threads or
# chance.
set -eu
: "${top_srcdir:=$(dirname "$0")/../..}" "${top_builddir:=.}" "${NM:=nm}"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
faults=0

fault() {
  echo "check_symbols: $1"
  faults=1
}

declared() { # HEADER...
  cat "$@" | sed -e '/^#/d' -e 's,//.*,,' | tr '\n' ' ' |
    sed 's,/\*[^*]*\*\+\([^/*][^*]*\*\+\)*/,,g' |
    grep -o 'DHCPHA_API [^(]*(' | sed 's/.*[ *]\([a-z0-9_]*\)($/\1/' | sort
}

exported() { # LIBRARY
  $NM -D --defined-only "$1" | awk '{ print $NF }' | sed 's/@.*//' |
    grep -Ev '^(_init|_fini|_end|_edata|__bss_start)$' |
    grep -Ev '^__(asan|ubsan|odr_asan|gcov|llvm|sancov|start|stop)_' | sort
}

compare() { # LIBRARY HEADER...
  library=$1
  shift
  declared "$@" > "$work/declared"
  exported "$library" > "$work/exported"
  [ -s "$work/declared" ] || fault "no declarations were found: this check is broken"
  for name in $(comm -23 "$work/declared" "$work/exported"); do
    fault "$name is declared, but $(basename "$library") does not export it"
  done
  for name in $(comm -13 "$work/declared" "$work/exported"); do
    fault "$(basename "$library") exports $name, which no public header declares"
  done
}

core=$top_builddir/.libs/libdhcpha.so
transport=$top_builddir/.libs/libdhcpha-http.so
compare "$core" $(ls "$top_srcdir"/include/dhcpha/*.h | grep -v '/http\.h$')
[ ! -e "$transport" ] || compare "$transport" "$top_srcdir/include/dhcpha/http.h"

$NM -D --undefined-only "$core" | awk '{ print $NF }' | sed 's/@.*//' > "$work/wanted"
forbidden='time|clock|clock_gettime|gettimeofday|gmtime(_r)?|localtime(_r)?|mktime|timegm|(nano|u)?sleep
socket|connect|bind|listen|accept|send|recv|poll|select|fopen|write|(f|v|vf)?printf|puts|putchar
rand|srand|random|getrandom|getenv|setlocale|exit|_exit|system|strtok|pthread_.*'
for name in $(grep -Ex "$(echo "$forbidden" | tr '\n' '|' | sed 's/|$//')" "$work/wanted"); do
  fault "the core calls $name()"
done

if grep -Eq '^__(asan|ubsan|tsan|msan)_' "$work/wanted"; then
  echo "check_symbols: built with sanitizers, so its libraries are not looked at"
else
  for name in $(ldd "$core" | awk '{ print $1 }' | sed 's,.*/,,'); do
    case $name in
      linux-vdso.so.* | linux-gate.so.* | ld-linux*.so.* | ld*.so.1 | libc.so.* | libyajl.so.*) ;;
      *) fault "libdhcpha.so needs $name" ;;
    esac
  done
fi
exit $faults
