# SPDX-License-Identifier: MPL-2.0
"""Clients: our own (exact control), udhcpc, dhclient and perfdhcp; and a record of every answer on
the wire."""
import os
import random
import re
import shutil
import signal
import socket
import struct
import subprocess
import threading
import time

import dhcp
import dhcp6
import netns
from commands import wait_until
from servers import spawn

# The EtherType and the module of the messages, by family.
PROTOCOLS = {4: (0x0800, dhcp), 6: (0x86dd, dhcp6)}
SOL_PACKET, PACKET_ADD_MEMBERSHIP, PACKET_MR_PROMISC = 263, 1, 1


def _open_packet_socket(namespace, protocol):
    with netns.inside(namespace):
        wire = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(protocol))
        wire.bind(("dhcp", protocol))
        index = socket.if_nametoindex("dhcp")
    # struct packet_mreq: replies to made-up hardware addresses are for us too.
    wire.setsockopt(SOL_PACKET, PACKET_ADD_MEMBERSHIP,
                    index.to_bytes(4, "little") + PACKET_MR_PROMISC.to_bytes(2, "little") + bytes(10))
    wire.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4 << 20)
    return wire


class Wire:
    """Sends frames, and records each DHCP reply that passes a client's interface."""

    def __init__(self, namespace, family=4):
        self.family = family
        protocol, self._format = PROTOCOLS[family]
        self._socket = _open_packet_socket(namespace, protocol)
        self._mac = self._socket.getsockname()[4]
        self._arrived = threading.Condition()
        self._replies = []
        self._over = False
        self._thread = threading.Thread(target=self._record, daemon=True)
        self._thread.start()

    def _record(self):
        self._socket.settimeout(0.2)
        while not self._over:
            try:
                raw, address = self._socket.recvfrom(4096)
            except TimeoutError:
                continue
            if address[2] == socket.PACKET_OUTGOING:
                continue
            payload = self._format.payload_of(raw)
            message = self._format.Message.parse(payload) if payload else None
            if message is None:
                continue
            message.time = time.monotonic()
            with self._arrived:
                self._replies.append(message)
                self._arrived.notify_all()

    def send(self, message):
        raw = message if isinstance(message, bytes) else message.pack()
        self._socket.send(self._format.frame(raw, self._mac))

    def send_frame(self, raw):
        self._socket.send(raw)

    def replies(self, kind=None):
        with self._arrived:
            return [reply for reply in self._replies if kind is None or reply.kind == kind]

    def count(self):
        """How many leases have been acknowledged so far."""
        with self._arrived:
            return sum(len(reply.granted()) for reply in self._replies)

    def holders(self, released=()):
        """Key of each acknowledged lease to the client that has it; an address acknowledged to two
        clients is an error, unless it is one of those released meanwhile."""
        found = {}
        for reply in self.replies():
            for key, client in reply.granted():
                assert found.setdefault(key, client) == client or key in released, \
                    "%s acknowledged to %s and %s" % (key, found[key], client)
                found[key] = client
        return found

    def wait(self, xid, kinds, timeout):
        """The first reply to a transaction of one of the kinds, or None."""
        def found():
            return next((r for r in self._replies if r.xid == xid and r.kind in kinds), None)
        with self._arrived:
            self._arrived.wait_for(found, timeout)
            return found()

    def close(self):
        self._over = True
        self._thread.join()
        self._socket.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


class Client:
    """One made-up client that does what it is told, and no more."""

    def __init__(self, wire, mac):
        self.wire, self.mac = wire, mac
        self.address = self.server = None

    @property
    def leases(self):
        """The keys of its leases."""
        return [self.address] if self.address else []

    def _request(self, kind, secs=0, ciaddr="0.0.0.0", options=()):
        message = dhcp.Message(kind, self.mac, random.getrandbits(32), secs, ciaddr, options)
        self.wire.send(message)
        return message.xid

    def discover(self, secs=0, timeout=1.0):
        """The OFFER, or None."""
        return self.wire.wait(self._request(dhcp.DISCOVER, secs), (dhcp.OFFER,), timeout)

    def request(self, offer, secs=0, timeout=1.0):
        """The ACK or NAK to a selecting REQUEST, or None."""
        xid = self._request(dhcp.REQUEST, secs, options={
            dhcp.OPTION_REQUESTED: socket.inet_aton(offer.yiaddr),
            dhcp.OPTION_SERVER: offer.options[dhcp.OPTION_SERVER]})
        return self.wire.wait(xid, (dhcp.ACK, dhcp.NAK), timeout)

    def obtain(self, timeout=15.0):
        """Try, as a client does, until there is a lease; its address, or an exception."""
        begin = time.monotonic()
        while time.monotonic() - begin < timeout:
            secs = int(time.monotonic() - begin)
            offer = self.discover(secs)
            reply = self.request(offer, secs, timeout=1.5) if offer else None
            if reply and reply.kind == dhcp.ACK:
                self.address, self.server = reply.yiaddr, reply.server
                return self.address
        raise AssertionError("client %s got no lease in %g s" % (self.mac, timeout))

    def renew(self):
        """As after a restart: with its address no longer in use, a unicast would not reach it."""
        before = self.address
        assert self.obtain() == before, self.address

    def plead(self, secs):
        """As a client that has waited long; whatever comes back is left alone."""
        self._request(dhcp.DISCOVER, secs)

    def _selecting(self):
        return {dhcp.OPTION_SERVER: socket.inet_aton(self.server)}

    def release(self):
        self._request(dhcp.RELEASE, ciaddr=self.address, options=self._selecting())

    def decline(self):
        self._request(dhcp.DECLINE, options={
            dhcp.OPTION_REQUESTED: socket.inet_aton(self.address), **self._selecting()})


class Client6:
    """The same for DHCPv6: asks for an address and a prefix at once."""

    def __init__(self, wire, mac):
        self.wire = wire
        self.duid = bytes.fromhex("00030001" + mac.replace(":", ""))
        self.leases, self.server = [], b""

    def message(self, kind, elapsed=0, server=b"", leases=()):
        """Transaction id and bytes."""
        xid = random.getrandbits(24)
        associations = b""
        for code, (name, _) in dhcp6.KINDS.items():
            inner = b"".join(dhcp6.address_option(key) for key in leases if key.startswith(name))
            if inner or kind != dhcp6.DECLINE:
                associations += dhcp6.option(code, struct.pack("!III", code, 0, 0) + inner)
        return xid, (bytes([kind]) + xid.to_bytes(3, "big") +
                     dhcp6.option(dhcp6.OPTION_CLIENT, self.duid) +
                     (dhcp6.option(dhcp6.OPTION_SERVER, server) if server else b"") +
                     dhcp6.option(dhcp6.OPTION_ELAPSED, struct.pack("!H", elapsed * 100)) +
                     associations)

    def _send(self, *words):
        xid, raw = self.message(*words)
        self.wire.send(raw)
        return xid

    def discover(self, secs=0, timeout=1.0):
        """The ADVERTISE, or None."""
        return self.wire.wait(self._send(dhcp6.SOLICIT, secs), (dhcp6.ADVERTISE,), timeout)

    def request(self, offer, secs=0, timeout=1.0):
        """The REPLY, or None."""
        keys = [key for key, _ in offer.leases]
        xid = self._send(dhcp6.REQUEST, secs, offer.server, keys)
        return self.wire.wait(xid, (dhcp6.REPLY,), timeout)

    def obtain(self, timeout=15.0):
        """Try, as a client does, until there are leases; their keys, or an exception."""
        begin = time.monotonic()
        while time.monotonic() - begin < timeout:
            secs = int(time.monotonic() - begin)
            offer = self.discover(secs)
            reply = self.request(offer, secs, timeout=1.5) if offer and offer.leases else None
            if reply and len([key for key, valid in reply.leases if valid]) == len(dhcp6.KINDS):
                self.leases, self.server = [key for key, _ in reply.leases], reply.server
                return self.leases
        raise AssertionError("client %s got no leases in %g s" % (self.duid.hex(":"), timeout))

    def plead(self, secs):
        """As a client that has waited long; whatever comes back is left alone."""
        self._send(dhcp6.SOLICIT, secs)

    def renew(self, timeout=3.0):
        reply = self.wire.wait(self._send(dhcp6.RENEW, 0, self.server, self.leases),
                               (dhcp6.REPLY,), timeout)
        assert reply and [key for key, valid in reply.leases if valid] == self.leases, \
            reply and reply.leases

    def release(self):
        self._send(dhcp6.RELEASE, 0, self.server, self.leases)

    def decline(self):
        """Of the address alone; a prefix can't be declined."""
        self._send(dhcp6.DECLINE, 0, self.server,
                   [key for key in self.leases if key.startswith("IA_NA")])


def make_clients(wire, count, block=0):
    """Of the family that the wire is for; others for each block."""
    kind = Client6 if wire.family == 6 else Client
    return [kind(wire, "02:00:%02x:%02x:%02x:%02x" % (block, n >> 16, n >> 8 & 255, n & 255))
            for n in range(count)]


class Udhcpc:
    """The client of busybox, which keeps its lease until told otherwise."""

    script = """#!/bin/sh
case $1 in
  bound|renew) ip address replace "$ip/16" dev "$interface" ;;
  deconfig) [ -z "$ip" ] || ip address del "$ip/16" dev "$interface" ;;
esac
echo "$1 $ip" >>"%s"
exit 0
"""

    def __init__(self, namespace, folder):
        self.folder = os.path.join(folder, namespace + "-udhcpc")
        os.makedirs(self.folder)
        self.events = os.path.join(self.folder, "events")
        open(self.events, "w", encoding="utf-8").close()
        script = os.path.join(self.folder, "script")
        with open(script, "w", encoding="utf-8") as out:
            out.write(self.script % self.events)
        os.chmod(script, 0o755)
        with open(os.path.join(self.folder, "log"), "wb") as log:
            self.process = spawn(namespace, ["udhcpc", "-f", "-i", "dhcp", "-s", script, "-t", "20",
                                             "-T", "1", "-A", "1", "-R", "-x", "hostname:Box-1"], stdout=log, stderr=log)

    def _count(self, event):
        with open(self.events, encoding="utf-8") as lines:
            return [line.split()[1] for line in lines if line.startswith(event + " ")
                    and len(line.split()) > 1]

    def wait_bound(self, timeout=20):
        """The address."""
        return wait_until(lambda: self._count("bound"), timeout, "udhcpc has a lease")[-1]

    def renew(self, timeout=10):
        before = len(self._count("renew"))
        self.process.send_signal(signal.SIGUSR1)
        wait_until(lambda: len(self._count("renew")) > before, timeout, "udhcpc has renewed")

    def release(self):
        self.process.send_signal(signal.SIGUSR2)

    def end(self):
        self.process.kill()
        self.process.wait()


class Dhclient:
    """The client of ISC, which asks for an address and a prefix in DHCPv6."""

    script = """#!/bin/sh
case $reason in
  *6) echo "$reason IA_NA $new_ip6_address" >>"%s"
      echo "$reason IA_PD $new_ip6_prefix" >>"%s" ;;
  *) echo "$reason $new_ip_address" >>"%s" ;;
esac
exit 0
"""

    def __init__(self, namespace, folder, family=4):
        self.namespace, self.family = namespace, family
        self.folder = os.path.join(folder, "%s-dhclient-%d" % (namespace, time.monotonic_ns()))
        os.makedirs(self.folder)
        self.events = os.path.join(self.folder, "events")
        open(self.events, "w", encoding="utf-8").close()
        script = os.path.join(self.folder, "script")
        with open(script, "w", encoding="utf-8") as out:
            out.write(self.script % (self.events, self.events, self.events))
        os.chmod(script, 0o755)
        # A copy, as the distribution may have a profile that keeps the program out of our folder.
        self.program = shutil.copy2("/usr/sbin/dhclient", self.folder)
        self.files = ["-%d" % family, "-sf", script, "-lf", os.path.join(self.folder, "leases"),
                      "-pf", os.path.join(self.folder, "pid"), "-cf", "/dev/null"]
        self.process = self._run("-d")

    def _run(self, *words):
        kinds = ("-N", "-P") if self.family == 6 else ()
        with open(os.path.join(self.folder, "log"), "ab") as log:
            return spawn(self.namespace, [self.program, *self.files, *kinds, *words, "dhcp"],
                         stdout=log, stderr=log)

    def _bound(self):
        """One address in DHCPv4; an address and a prefix in DHCPv6."""
        count, words = (2, 3) if self.family == 6 else (1, 2)
        with open(self.events, encoding="utf-8") as lines:
            events = [line.split() for line in lines if line.startswith("BOUND")]
        found = {" ".join(event[1:]).partition("/")[0] for event in events if len(event) == words}
        return sorted(found) if len(found) == count else None

    def wait_bound(self, timeout=20):
        """The keys of its leases."""
        return wait_until(self._bound, timeout, "dhclient has a lease")

    def release(self):
        """Ends it, too."""
        self._run("-r").wait(20)
        self.process.wait(20)
        with open(os.path.join(self.folder, "log"), errors="replace", encoding="utf-8") as log:
            print("".join(line for line in log if "elease" in line or "RELEASE" in line), end="")

    def end(self):
        self.process.kill()
        self.process.wait()


class Perfdhcp:
    """Load: exchanges at a rate from many made-up clients, as a relay sends them."""

    def __init__(self, namespace, folder, rate, seconds, clients=100000, extra=(), family=4):
        self.output = os.path.join(folder, namespace + "-perfdhcp")
        if family == 6:
            extra = ("-e", "address-and-prefix", *extra)
        with open(self.output, "wb") as log:
            self.process = spawn(namespace, [
                "perfdhcp", "-%d" % family, "-l", "dhcp", "-r", str(rate), "-p", str(seconds), "-R",
                str(clients), "-t", "5", "-W", "1500000", *extra, "all"], stdout=log, stderr=log)

    def wait(self, timeout=120):
        try:
            self.process.wait(timeout)
        except subprocess.TimeoutExpired:
            self.end()
        return self.report()

    def report(self):
        with open(self.output, errors="replace", encoding="utf-8") as text:
            return text.read()

    def completed(self):
        """Exchanges REQUEST-ACK that were completed."""
        found = re.findall(r"received packets: (\d+)", self.report())
        return int(found[-1]) if found else 0

    def end(self):
        self.process.kill()
        self.process.wait()
