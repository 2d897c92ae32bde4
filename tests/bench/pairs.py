# libdhcpha - DHCP High Availability as a library
# SPDX-License-Identifier: MPL-2.0
"""Pairs of DHCP servers set for speed: leases in memory, few log messages, a large pool.

The namespaces and the servers are those of tests/interop.
"""
import contextlib
import glob
import ipaddress
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "interop"))
import families  # noqa: E402
import netns  # noqa: E402
import pair  # noqa: E402
import servers  # noqa: E402

NETWORK = "10.0.0.0/8"
FIRST = "10.64.0.0"
LAST = "10.127.255.255"
CLIENT = "10.1.0.10"
SERVER = "10.1.0.%d"
# The one subnet with its large pool, and the addresses on the network of the clients, by family.
SUBNETS = {
    4: {"id": 1, "subnet": NETWORK, "pools": [{"pool": "%s - %s" % (FIRST, LAST)}]},
    6: {"id": 1, "subnet": "2001:db8::/32", "interface": "dhcp",
        "pools": [{"pool": "2001:db8:1::/96"}]}}
ADDRESSES = {4: (CLIENT + "/8", SERVER + "/8"), 6: ("2001:db8::10/32", "2001:db8::%d/32")}


class Unavailable(Exception):
    """What a figure needs is missing on this machine."""


def speed_up(whole, family):
    """The same for both kinds: one large pool, no thread counts chosen by hand, few messages."""
    config = whole[family.root]
    if family.number == 4:
        config["interfaces-config"]["dhcp-socket-type"] = "udp"
    config["multi-threading"] = {"enable-multi-threading": True}
    config["subnet%d" % family.number] = [SUBNETS[family.number]]
    config["loggers"][0]["severity"] = "WARN"
    hook = config["hooks-libraries"][1]["parameters"]["high-availability"][0]
    hook["multi-threading"].update({"http-listener-threads": 0, "http-client-threads": 0})
    return whole


class FastKea(servers.KeaServer):
    """Leases in memory; in a file only when it starts with some."""

    def make_config(self, relationship, lifetime):
        return speed_up(super().make_config(relationship, lifetime), self.family)

    def lease_database(self):
        if os.path.exists(self.path("leases.csv")):
            return super().lease_database()
        return {"type": "memfile", "persist": False}


class FastOurs(servers.OurServer):
    """The example server with its leases in memory."""

    def make_config(self, relationship, lifetime):
        return speed_up(super().make_config(relationship, lifetime), self.family)

    def lease_database(self):
        return {"type": "memory"}


class FastPair(pair.Pair):
    """A hot-standby pair that does not mistake a loaded machine for a failure."""

    parameters = {"mode": "hot-standby", "heartbeat-delay": 1000, "max-response-delay": 30000,
                  "max-ack-delay": 5000, "max-unacked-clients": 0, "sync-timeout": 60000,
                  "restrict-commands": False}

    # pylint: disable=super-init-not-called
    def __init__(self, kind, family=4):
        check_means(kind, family)
        self.family = families.FAMILIES[family]
        self.mode = self.parameters["mode"]
        self.certificates = None
        self.authenticates = False
        client, server = ADDRESSES[family]
        self.folder = tempfile.mkdtemp(prefix="dhcpha-bench-")
        self.servers = []
        try:
            self.network = netns.Network()
        except (OSError, RuntimeError) as error:
            shutil.rmtree(self.folder)
            raise Unavailable("no network namespaces: %s" % error) from error
        admin = self.network.add_node("admin", control="10.77.0.100/24")
        self.client = self.network.add_node("client1", dhcp=client)
        for number in (1, 2):
            control = "10.77.0.%d" % number
            namespace = self.network.add_node("server%d" % number, control=control + "/24",
                                              dhcp=server % number)
            self.servers.append(kind(number, namespace, control, admin, self.folder, self.family))
        self.primary, self.standby = self.servers

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.end()
        self.network.close()
        shutil.rmtree(self.folder, ignore_errors=True)


def check_means(kind, family=4):
    if os.geteuid() != 0:
        raise Unavailable("needs root")
    if shutil.which("ip") is None:
        raise Unavailable("needs the Debian package iproute2")
    if kind is FastOurs and not (kind.program and os.access(kind.program, os.X_OK)):
        raise Unavailable("the example server is not built")
    if kind is FastKea and not (os.path.exists("/usr/sbin/kea-dhcp%d" % family)
                                and glob.glob("/usr/lib/*/kea/hooks/libdhcp_ha.so")):
        raise Unavailable("needs the Debian package kea-dhcp%d-server" % family)


class LocalKea(FastKea):
    """Kea without clients, as server2 of a load-balancing pair on the loopback; leases in memory.

    Its listener is in no namespace, so that a program of the bench can be its partner.
    """

    # pylint: disable=super-init-not-called
    def __init__(self, folder):
        check_means(FastKea, 4)
        self.family = families.FAMILIES[4]
        self.number = 2
        self.folder = folder
        self.log = self.path("log")
        self.name = "server2"
        self.number = 2
        self.family = families.FAMILIES[4]
        self.program = self.path("kea-dhcp4")
        shutil.copy2("/usr/sbin/kea-dhcp4", self.program)

    def begin(self, ports):
        peers = [{"name": "server%d" % (i + 1), "url": "http://127.0.0.1:%d/" % ports[i],
                  "role": role} for i, role in enumerate(("primary", "secondary"))]
        config = self.make_config({"mode": "load-balancing", "heartbeat-delay": 200,
                                   "max-response-delay": 60000, "sync-leases": False,
                                   "peers": peers}, 4000)
        speed_up(config, self.family)
        config["Dhcp4"]["interfaces-config"] = {"interfaces": []}
        with open(self.path("config.json"), "w", encoding="utf-8") as out:
            json.dump(config, out)
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(
                self.command_line(), stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                env=self.environment(), cwd=self.folder, preexec_fn=servers.die_with_parent)


@contextlib.contextmanager
def local_kea():
    """Gives the ports of its partner and of itself."""
    with contextlib.ExitStack() as sockets:
        ports = []
        for _ in range(2):
            listener = sockets.enter_context(socket.socket())
            listener.bind(("127.0.0.1", 0))
            ports.append(listener.getsockname()[1])
    with tempfile.TemporaryDirectory(prefix="dhcpha-bench-") as folder:
        kea = LocalKea(folder)
        kea.begin(ports)
        try:
            yield ports
        finally:
            kea.kill()


def address_of(number):
    return str(ipaddress.ip_address(FIRST) + number)


def make_leases(count):
    """As bench_sync lays them out: each of a client with an identifier and a host name."""
    now = int(time.time())
    for i in range(count):
        number = "%08x" % i
        mac = "02:00:" + ":".join(number[j:j + 2] for j in range(0, 8, 2))
        yield {"ip-address": address_of(i), "hw-address": mac, "client-id": "01:" + mac,
               "valid-lft": 4000, "cltt": now - i % 1000, "subnet-id": 1, "fqdn-fwd": False,
               "fqdn-rev": False, "hostname": "host-%d.example.org" % i, "state": 0}


def measure_sync(kind, leases):
    """Leases a second of one ha-sync from a full server to an empty one, command to answer."""
    with FastPair(kind) as both:
        both.primary.preload(make_leases(leases))
        both.start(sync_leases=False)
        begin = time.monotonic()
        both.standby.admin.ask("ha-sync", {"server-name": "server1", "max-period": 60},
                               timeout=300.0)
        seconds = time.monotonic() - begin
        last = both.standby.admin.ask("lease4-get-page", {"from": address_of(leases - 2),
                                                          "limit": 2})
        assert last["count"] == 1, "the synchronization is not complete"
        return leases / seconds
