#!/bin/sh
# libdhcpha - DHCP High Availability as a library
# SPDX-License-Identifier: MPL-2.0
#
# dhcpha-dhcpd as it is called: exit statuses, what goes to stdout and what to stderr, and a server
# that is started, asked to end, and ends.
set -u
program=$top_builddir/dhcpha-dhcpd
pairs=$top_srcdir/examples/dhcpd/pair
folder=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill -9 "$server" 2> /dev/null; rm -rf "$folder"' EXIT
failed=0

fail() {
  echo "FAILED: $*" >&2
  failed=1
}

# expect STATUS TEXT COMMAND...: TEXT is part of what is printed, to stdout or stderr.
expect() {
  status=$1
  text=$2
  shift 2
  "$@" > "$folder/out" 2> "$folder/err" < /dev/null
  found=$?
  [ "$found" = "$status" ] || fail "$*: exit status $found, not $status"
  [ -z "$text" ] || cat "$folder/out" "$folder/err" | grep -qF -e "$text" || fail "$*: does not say: $text"
}

echo '{ "Dhcp4": { "lease-database": { "type": "memory" } } }' > "$folder/fine.json"
echo '{ "Dhcp4": { "valid-lifetime": 0 } }' > "$folder/wrong.json"

expect 0 'dhcpha-dhcpd ' "$program" -V
expect 2 'usage:' "$program"
expect 2 'usage:' "$program" -x
expect 2 'usage:' "$program" -c "$folder/fine.json" more
expect 1 'a map with the key "Dhcp6" is expected' "$program" -6 -t -c "$folder/fine.json"
expect 2 'an IPv4 address is expected' "$program" -c "$folder/fine.json" -f '[::1]:0'
expect 2 '-f here' "$program" -4 -c "$folder/fine.json" -f here
expect 1 'No such file' "$program" -t -c "$folder/none.json"
expect 0 'WARNING Dhcp4.subnet4: there is no subnet' "$program" -4 -t -c "$folder/fine.json"
expect 1 'ERROR Dhcp4.valid-lifetime: 0 must be' "$program" -t -c "$folder/wrong.json"
expect 1 'ERROR config Dhcp4.valid-lifetime' "$program" -c "$folder/wrong.json"
for name in server1 server2 server1-v6 server2-v6; do
  expect 0 '' "$program" -t -c "$pairs/$name.json"
  [ ! -s "$folder/err" ] || fail "$name.json: $(cat "$folder/err")"
done

"$program" -c "$folder/fine.json" -f 127.0.0.1:0 > "$folder/out" 2> "$folder/err" < /dev/null &
server=$!
for _ in 1 2 3 4 5 6 7 8 9 10; do
  [ -s "$folder/out" ] || sleep 0.5
done
[ "$(cat "$folder/out")" = ready ] || fail "a server did not get ready: $(cat "$folder/err")"
kill -HUP "$server" # without High Availability there is nothing to read again
sleep 0.2
kill "$server"
wait "$server" || fail "a server ended with status $?"
server=
grep -q ' INFO stopped ' "$folder/err" || fail "a server did not say that it stopped"
exit $failed
