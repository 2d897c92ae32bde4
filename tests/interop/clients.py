# SPDX-License-Identifier: MPL-2.0
"""Clients: our own (exact control), udhcpc and perfdhcp; and a record of every answer on the wire."""
import os
import random
import re
import signal
import socket
import subprocess
import threading
import time

import dhcp
import netns
from commands import wait_until
from servers import spawn

ETH_P_IP = 0x0800
SOL_PACKET, PACKET_ADD_MEMBERSHIP, PACKET_MR_PROMISC = 263, 1, 1


def _open_packet_socket(namespace):
    with netns.inside(namespace):
        wire = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(ETH_P_IP))
        wire.bind(("dhcp", ETH_P_IP))
        index = socket.if_nametoindex("dhcp")
    # struct packet_mreq: replies to made-up hardware addresses are for us too.
    wire.setsockopt(SOL_PACKET, PACKET_ADD_MEMBERSHIP,
                    index.to_bytes(4, "little") + PACKET_MR_PROMISC.to_bytes(2, "little") + bytes(10))
    wire.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4 << 20)
    return wire


class Wire:
    """Sends frames, and records each DHCP reply that passes a client's interface."""

    def __init__(self, namespace):
        self._socket = _open_packet_socket(namespace)
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
            payload = dhcp.payload_of(raw)
            message = dhcp.Message.parse(payload) if payload else None
            if message is None:
                continue
            message.time = time.monotonic()
            with self._arrived:
                self._replies.append(message)
                self._arrived.notify_all()

    def send(self, message):
        raw = message if isinstance(message, bytes) else message.pack()
        self._socket.send(dhcp.frame(raw, self._mac))

    def send_frame(self, raw):
        self._socket.send(raw)

    def replies(self, kind=None):
        with self._arrived:
            return [reply for reply in self._replies if kind is None or reply.kind == kind]

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

    def _selecting(self):
        return {dhcp.OPTION_SERVER: socket.inet_aton(self.server)}

    def release(self):
        self._request(dhcp.RELEASE, ciaddr=self.address, options=self._selecting())

    def decline(self):
        self._request(dhcp.DECLINE, options={
            dhcp.OPTION_REQUESTED: socket.inet_aton(self.address), **self._selecting()})


def make_clients(wire, count, block=0):
    return [Client(wire, "02:00:%02x:%02x:%02x:%02x" % (block, n >> 16, n >> 8 & 255, n & 255))
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


class Perfdhcp:
    """Load: exchanges at a rate from many made-up clients, as a relay sends them."""

    def __init__(self, namespace, folder, rate, seconds, clients=100000, extra=()):
        self.output = os.path.join(folder, namespace + "-perfdhcp")
        with open(self.output, "wb") as log:
            self.process = spawn(namespace, [
                "perfdhcp", "-4", "-l", "dhcp", "-r", str(rate), "-p", str(seconds), "-R",
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
