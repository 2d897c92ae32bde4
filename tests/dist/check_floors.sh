#!/bin/sh
# libdhcpha - DHCP High Availability as a library
# SPDX-License-Identifier: MPL-2.0
#
# Each module of libdhcpha stands in libdhcpha/FLOORS, includes only modules that stand above it
# there, public headers, and those of libc that cannot ask for time, threads, files or sockets.
set -eu
core=${top_srcdir:-$(dirname "$0")/../..}/libdhcpha
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

sed -e 's/#.*//' -e '/^[[:space:]]*$/d' "$core/FLOORS" > "$work/floors"
(cd "$core" && find . -name '*.[ch]' | sed 's,^\./,,' | sort) > "$work/files"
(cd "$core" && grep -n '^[[:space:]]*#[[:space:]]*include' $(cat "$work/files")) > "$work/includes"
ls "$core/../include/dhcpha" | sed 's,^,dhcpha/,' > "$work/public"

awk '
  function fault(text) { print "check_floors: " text; faults++ }
  function module_of(path) { sub(/\.[ch]$/, "", path); return path }
  BEGIN {
    count = split("assert ctype errno float inttypes limits math stdalign stdarg stdbool stddef " \
                  "stdint stdio stdlib string", names, " ")
    for (i = 1; i <= count; i++) libc[names[i] ".h"] = 1
    # yajl cannot be told that memory ran out; P1 1.8 wants a regular file read.
    exceptions = " base/json:setjmp.h rules/password_file:fcntl.h " \
                 "rules/password_file:sys/stat.h rules/password_file:unistd.h "
  }
  FILENAME ~ /floors$/ {
    if ($1 in floor) fault("FLOORS names " $1 " twice")
    floor[$1] = FNR
    next
  }
  FILENAME ~ /public$/ { public[$1] = 1; next }
  FILENAME ~ /files$/ {
    found[module_of($1)] = 1
    if (!(module_of($1) in floor)) fault($1 " is not in FLOORS")
    next
  }
  {
    split($0, part, ":")
    file = part[1]; line = part[2]; module = module_of(file)
    match($0, /[<"][^>"]*[>"]/)
    quote = substr($0, RSTART, 1)
    name = substr($0, RSTART + 1, RLENGTH - 2)
    place = file ":" line ": "
    if (quote == "\"") {
      other = module_of(name)
      if (!(other in floor)) fault(place name " is not in FLOORS")
      else if (floor[other] > floor[module]) fault(place module " is below " other)
    } else if (name ~ /^yajl\//) {
      if (module != "base/json") fault(place "only base/json includes yajl")
    } else if (name ~ /^dhcpha\//) {
      if (!(name in public)) fault(place "there is no public header " name)
      if (name == "dhcpha/http.h") fault(place "the core knows no transport")
    } else if (!(name in libc) && index(exceptions, " " module ":" name " ") == 0)
      fault(place "the core may not include <" name ">")
  }
  END {
    for (module in floor)
      if (!(module in found)) fault("FLOORS names " module ", which has no file")
    exit faults > 0
  }' "$work/floors" "$work/public" "$work/files" "$work/includes"
