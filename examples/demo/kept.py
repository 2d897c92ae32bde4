# libdhcpha - DHCP High Availability as a library
# SPDX-License-Identifier: MPL-2.0
"""A pair that runs on after the demonstration: what to try with it, and how it ends."""

import os

KEPT_START = """#!/bin/sh
# Starts {name} of the demonstration again.
cd {folder} || exit 1
if [ "$(id -u)" = 0 ] && [ {uid} != 0 ]; then
  as="setpriv --reuid={uid} --regid={gid} --clear-groups"
fi
LD_LIBRARY_PATH={folder}/lib setsid ${{as-}} {command} >> {name}.log 2>&1 < /dev/null &
echo $! > {name}.pid
"""

KEPT_STOP = """#!/bin/sh
# Ends both servers of the demonstration and removes their folder.
for file in {folder}/server1.pid {folder}/server2.pid; do
  pid=$(cat "$file") || continue
  if [ "$(readlink "/proc/$pid/exe")" = {folder}/dhcpha-dhcpd ]; then kill "$pid"; fi
done
sleep 1
rm -rf {folder}
"""


def keep(pair, screen):
    """Leave the pair running, and say what to try."""
    for server in pair.servers:
        values = {
            "name": server.name,
            "folder": pair.folder,
            "uid": os.getuid(),
            "gid": os.getgid(),
            "command": " ".join(server.command),
        }
        write_file(pair.folder, "start-" + server.name, KEPT_START.format(**values))
        write_file(pair.folder, server.name + ".pid", f"{server.process.pid}\n")
    write_file(pair.folder, "stop", KEPT_STOP.format(folder=pair.folder))
    one, two = pair.servers

    def curl(server, command):
        body = "'{ \"command\": \"" + command + "\" }'"
        url = f"http://127.0.0.1:{server.url_port}/"
        screen.line(f"  curl -sH 'Content-Type: application/json' -d {body} {url}")

    screen.line()
    screen.line("The pair runs on.  Ask server1:")
    for command in ("ha-heartbeat", "status-get", "lease4-get-all", "dhcpha-explain"):
        curl(one, command)
    screen.line("Kill it, ask server2 why it does what it does, and start server1 again:")
    screen.line(f"  kill -9 $(cat {pair.folder}/server1.pid)")
    curl(two, "dhcpha-explain")
    screen.line(f"  sh {pair.folder}/start-server1")
    screen.line(f"Their logs: {pair.folder}/server1.log and server2.log.  End both:")
    screen.line(f"  sh {pair.folder}/stop")


def write_file(folder, name, text):
    with open(os.path.join(folder, name), "w", encoding="utf-8") as file:
        file.write(text)
