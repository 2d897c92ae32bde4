# libdhcpha - DHCP High Availability as a library
# SPDX-License-Identifier: MPL-2.0
"""Two dhcpha-dhcpd processes on the loopback interface, and how to talk to them."""

import ctypes
import datetime
import http.client
import json
import os
import re
import signal
import socket
import subprocess
import threading
import time

TIMERS = {
    "heartbeat-delay": 1000,
    "max-response-delay": 5000,
    "max-ack-delay": 1000,
    "max-unacked-clients": 2,
}
COMMANDS_OF_ANYONE = {"restrict-commands": False}  # curl may ask dhcpha-explain; loopback only
DOWN = "down"


# A line of the log: 2026-11-22T16:02:17.123Z INFO state_change server1: waiting -> ready (why)
CHANGE = re.compile(r"^(\S+Z) \S+ state_change \S+: \S+ -> (\S+)(?: \((.*)\))?$", re.M)


class Trouble(Exception):
    """Something that ends the demonstration; its text is for people."""


def utc_seconds(text):
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp()


def free_ports(count, kind):
    """Ports that nobody uses just now."""
    sockets = [socket.socket(socket.AF_INET, kind) for _ in range(count)]
    try:
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return [one.getsockname()[1] for one in sockets]
    finally:
        for one in sockets:
            one.close()


def load_json(path):
    """JSON as Kea reads it: with comments."""
    with open(path, encoding="utf-8") as file:
        text = file.read()
    pattern = r'("(?:\\.|[^"\\])*")|//[^\n]*|#[^\n]*|/\*.*?\*/'
    return json.loads(re.sub(pattern, lambda found: found.group(1) or "", text, flags=re.S))


def relationship_of(config):
    """The first relationship map, wherever it stands in the configuration."""
    if isinstance(config, dict):
        if "high-availability" in config:
            return config["high-availability"][0]
        config = list(config.values())
    if isinstance(config, list):
        for part in config:
            found = relationship_of(part)
            if found is not None:
                return found
    return None


class Server:
    """One server: a process, its configuration and its state as last seen."""

    def __init__(self, name, command, environment, folder, url_port, dhcp, keep):
        self.name, self.command, self.environment = name, command, environment
        self.folder, self.url_port, self.dhcp, self.keep = folder, url_port, dhcp, keep
        self.log = os.path.join(folder, name + ".log")
        self.process = None
        self.log_read = 0
        self.state = DOWN
        self.scopes = []

    def start(self):
        def before():  # in the child: no server outlives a demo that was killed
            if not self.keep:
                ctypes.CDLL(None).prctl(1, signal.SIGKILL)
            os.setsid()  # Ctrl-C is for the demo, which then ends its servers

        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(
                self.command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=self.folder,
                env=self.environment,
                preexec_fn=before,
            )

    def is_running(self):
        return self.process is not None and self.process.poll() is None

    def end(self, signal_number=signal.SIGTERM):
        if self.is_running():
            self.process.send_signal(signal_number)
            try:
                self.process.wait(5)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()

    def ask(self, command, arguments=None, timeout=10.0):
        """The answer's arguments; None when there is no good answer."""
        request = {"command": command, "service": ["dhcp4"]}
        if arguments is not None:
            request["arguments"] = arguments
        connection = http.client.HTTPConnection("127.0.0.1", self.url_port, timeout=timeout)
        try:
            headers = {"Content-Type": "application/json"}
            connection.request("POST", "/", json.dumps(request), headers)
            answer = json.loads(connection.getresponse().read())[0]
            return answer.get("arguments", {}) if answer.get("result") in (0, 3) else None
        except (OSError, http.client.HTTPException, ValueError, LookupError, AttributeError):
            return None
        finally:
            connection.close()

    def news(self):
        """State changes its log tells since the last call: (UTC seconds, state, why)."""
        try:
            with open(self.log, "rb") as file:
                file.seek(self.log_read)
                text = file.read()
        except OSError:
            return []
        whole = text[: text.rfind(b"\n") + 1]
        self.log_read += len(whole)
        found = CHANGE.findall(whole.decode("utf-8", "replace"))
        return [(utc_seconds(at), state, why) for at, state, why in found]

    def look(self):
        """Its state and the scopes it serves, asked over HTTP."""
        answer = self.ask("ha-heartbeat", timeout=1.0) if self.is_running() else None
        if not self.is_running():
            return DOWN, []
        if answer is None or not answer.get("state"):
            return self.state, self.scopes  # not ready, or busy
        return answer["state"], answer.get("scopes", [])

    def leases(self):
        """All leases: address to (hardware address, cltt, state)."""
        answer = self.ask("lease4-get-all", timeout=30.0)
        if answer is None:
            raise Trouble(f"{self.name} does not answer lease4-get-all")
        return {
            lease["ip-address"]: (lease["hw-address"], lease["cltt"], lease["state"])
            for lease in answer.get("leases", [])
        }

    def last_words(self, lines=8):
        try:
            with open(self.log, encoding="utf-8", errors="replace") as file:
                return "".join(file.readlines()[-lines:])
        except OSError:
            return ""


class Pair:
    """server1, the primary, and server2, the standby."""

    names = ("server1", "server2")

    def __init__(self, folder, program, templates, environment, keep):
        self.folder = folder
        url_ports = free_ports(2, socket.SOCK_STREAM)
        dhcp_ports = free_ports(2, socket.SOCK_DGRAM)
        self.servers = []
        for index, name in enumerate(self.names):
            path = self._write_config(templates[index], name, url_ports)
            dhcp = ("127.0.0.1", dhcp_ports[index])
            command = [program, "-4", "-c", path, "-f", "%s:%d" % dhcp]
            self.servers.append(
                Server(name, command, environment, folder, url_ports[index], dhcp, keep)
            )
        self.watchers = []
        self.watching = True

    def _write_config(self, template, name, url_ports):
        config = load_json(template)
        relationship = relationship_of(config)
        if relationship is None:
            raise Trouble(f"{template} has no high-availability")
        relationship.update(TIMERS)
        relationship.update(COMMANDS_OF_ANYONE)
        relationship["this-server-name"] = name
        for peer in relationship["peers"]:
            port = url_ports[self.names.index(peer["name"])]
            peer["url"] = f"http://127.0.0.1:{port}/"
        dhcp4 = config.get("Dhcp4", config)
        database = dhcp4.setdefault("lease-database", {})
        database["name"] = os.path.join(self.folder, name + ".sqlite")
        path = os.path.join(self.folder, name + ".json")
        with open(path, "w", encoding="utf-8") as file:
            json.dump(config, file, indent=2)
        return path

    def watch(self, seen, every=0.05):
        """SEEN is told of each change: server, state, scopes, UTC seconds or None for now, why.

        The log tells of states to the millisecond; asking tells the scopes.
        """

        def look(server):
            logged = False
            while self.watching:
                for at, state, why in server.news():
                    logged = True
                    seen(server, state, server.scopes, at, why)
                state, scopes = server.look()
                if logged:
                    state = server.state
                if self.watching and (state, scopes) != (server.state, server.scopes):
                    seen(server, state, scopes, None, "")
                time.sleep(every)

        for server in self.servers:
            thread = threading.Thread(target=look, args=(server,), daemon=True)
            thread.start()
            self.watchers.append(thread)

    def end(self):
        self.watching = False
        for thread in self.watchers:
            thread.join(2)
        for server in self.servers:
            server.end()
