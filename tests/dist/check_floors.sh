#!/bin/sh
# libdhcpha - DHCP High Availability as a library
# SPDX-License-Identifier: MPL-2.0
#
# Each module of a library stands in its FLOORS, and includes only modules that stand above it
# there, public headers, and of all other headers those that the table below grants it.  So the core
# cannot ask for time, threads, files or sockets.
set -eu
top=${top_srcdir:-$(dirname "$0")/../..}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# Library, header and module, each a pattern: the first row of the library that has the header says
# which modules may include it.  What is in no row, none may.
cat > "$work/grants" <<'END'
.                ^(assert|ctype|errno|float|inttypes|limits)\.h$ .
.                ^(math|stdalign|stdarg|stdbool|stddef|stdint)\.h$ .
.                ^(stdio|stdlib|string)\.h$                   .
# yajl cannot be told that memory ran out; P1 1.8 wants a regular file read.
^libdhcpha$      ^(yajl/.*|setjmp\.h)$                        ^base/json$
^libdhcpha$      ^(fcntl|sys/stat|unistd)\.h$                 ^rules/password_file$
# The core knows no transport.
^libdhcpha$      ^dhcpha/http\.h$                             ^$
.                ^dhcpha/                                     .
^libdhcpha-http$ ^curl/                                       ^(client_.*|transport)$
^libdhcpha-http$ ^microhttpd\.h$                              ^(connection|listener.*)$
^libdhcpha-http$ ^gnutls/                                     ^(tls|connection_tls)$
^libdhcpha-http$ ^(dirent|fcntl|sys/stat)\.h$                 ^tls_files$
^libdhcpha-http$ ^(netdb|pthread|signal)\.h$                  ^resolver$
^libdhcpha-http$ ^sys/eventfd\.h$                             ^(loop|resolver)$
^libdhcpha-http$ ^(time|sys/timerfd)\.h$                      ^loop$
^libdhcpha-http$ ^sys/epoll\.h$                               ^(loop|resolver|client_.*|connection|listener)$
^libdhcpha-http$ ^(netinet/in|linux/tcp|sys/socket|poll)\.h$  ^(resolver|client_.*|connection|listener.*)$
^libdhcpha-http$ ^(strings|unistd)\.h$                        .
END

check() { # LIBRARY
  library=$1
  sed -e 's/#.*//' -e '/^[[:space:]]*$/d' "$top/$library/FLOORS" > "$work/floors"
  (cd "$top/$library" && find . -name '*.[ch]' | sed 's,^\./,,' | sort) > "$work/files"
  (cd "$top/$library" && grep -n '^[[:space:]]*#[[:space:]]*include' $(cat "$work/files")) \
    > "$work/includes"
  ls "$top/include/dhcpha" | sed 's,^,dhcpha/,' > "$work/public"
  awk -v library="$library" '
    function fault(text) { print "check_floors: " library ": " text; faults++ }
    function module_of(path) { sub(/\.[ch]$/, "", path); return path }
    function is_granted(module, header,   i) {
      for (i = 1; i <= grants; i++)
        if (library ~ of_library[i] && header ~ to_header[i]) return module ~ for_module[i]
      return 0
    }
    FILENAME ~ /grants$/ {
      if ($1 == "#") next
      of_library[++grants] = $1; to_header[grants] = $2; for_module[grants] = $3
      next
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
      module = module_of(part[1])
      place = part[1] ":" part[2] ": "
      match($0, /[<"][^>"]*[>"]/)
      quote = substr($0, RSTART, 1)
      name = substr($0, RSTART + 1, RLENGTH - 2)
      if (quote == "\"") {
        other = module_of(name)
        if (!(other in floor)) fault(place name " is not in FLOORS")
        else if (floor[other] > floor[module]) fault(place module " is below " other)
      } else {
        if (name ~ /^dhcpha\// && !(name in public)) fault(place "there is no public header " name)
        if (!is_granted(module, name)) fault(place module " may not include <" name ">")
      }
    }
    END {
      for (module in floor)
        if (!(module in found)) fault("FLOORS names " module ", which has no file")
      exit faults > 0
    }' "$work/grants" "$work/floors" "$work/public" "$work/files" "$work/includes"
}

failures=0
for library in libdhcpha libdhcpha-http; do check $library || failures=1; done
exit $failures
