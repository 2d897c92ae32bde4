# libdhcpha - DHCP High Availability as a library
# SPDX-License-Identifier: MPL-2.0
"""DHCPv4 clients at a steady rate, behind a relay that forwards to both servers.

A client sends DISCOVER and REQUEST until it has an acknowledgement; `secs` says how long it has
been trying (RFC 2131).  Later it renews its lease now and then.
"""

import collections
import heapq
import random
import select
import socket
import struct
import threading
import time

DISCOVER, OFFER, REQUEST, ACK, NAK = 1, 2, 3, 5, 6
RETRY_S = 1.0  # real clients wait 4 seconds and more; this keeps the picture short
REQUESTS_MAX = 2  # then back to DISCOVER: the server that offered may be gone
MAGIC = b"\x63\x82\x53\x63"

Acknowledgement = collections.namedtuple("Acknowledgement", "at latency server renewal")


class Client:
    """One client and what it knows of its lease."""

    def __init__(self, number, run):
        self.mac = bytes((2, run & 255)) + struct.pack("!I", number)
        self.address = None  # acknowledged
        self.asked_utc = 0.0  # of the request that was acknowledged last
        self.begin(0.0, False)

    def begin(self, now, renewal):
        self.started = now
        self.renewal = renewal
        self.kind = REQUEST if renewal else DISCOVER
        self.xid = None
        self.requests = 0
        self.offered = None
        self.server_id = None

    def packet(self, giaddr, now):
        secs = min(int(now - self.started), 0xFFFF)
        ciaddr = self.address if self.renewal else bytes(4)
        options = bytes((53, 1, self.kind)) + b"\x3d\x07\x01" + self.mac
        if self.kind == REQUEST and not self.renewal:
            options += b"\x32\x04" + self.offered + b"\x36\x04" + self.server_id
        options += b"\x37\x03\x01\x03\x06"
        # Relay: circuit, and RFC 8357: answer to the port the relay sends from.
        options += b"\x52\x08\x01\x04demo\x13\x00\xff"
        head = struct.pack("!BBBBIHH", 1, 1, 6, 1, self.xid, secs, 0)
        addresses = ciaddr + bytes(8) + giaddr
        return (head + addresses + self.mac.ljust(16, b"\0") + bytes(192) + MAGIC + options).ljust(
            300, b"\0"
        )


def read_reply(packet):
    """The fields of a reply that matter here, or None."""
    if len(packet) < 240 or packet[0] != 2 or packet[236:240] != MAGIC:
        return None
    options, at = {}, 240
    while at < len(packet) and packet[at] != 255:
        if packet[at] == 0:
            at += 1
            continue
        if at + 1 >= len(packet):
            return None
        length = packet[at + 1]
        options[packet[at]] = packet[at + 2 : at + 2 + length]
        at += 2 + length
    if len(options.get(53, b"")) != 1:
        return None
    (xid,) = struct.unpack("!I", packet[4:8])
    return xid, options[53][0], packet[16:20], options.get(54, bytes(4)), packet[28:34]


class Clients(threading.Thread):
    """All clients, in a thread of their own.  Times are seconds of time.monotonic()."""

    def __init__(self, servers, rate, renewal_rate, giaddr="127.0.0.1"):
        super().__init__(name="clients", daemon=True)
        self.servers = list(servers)  # (address, port), in the order of the pair
        self.rate, self.renewal_rate = rate, renewal_rate
        self.giaddr = socket.inet_aton(giaddr)
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 20)
        self.socket.bind((giaddr, 0))
        self.socket.setblocking(False)
        self.run_number = random.getrandbits(8)
        self.clients = []
        self.bound = []
        self.waiting = {}  # xid: client
        self.retries = []  # heap of (when, tie, client, xid)
        self.acknowledgements = []
        self.naks = 0
        self.packets_sent = 0
        self.failure = None
        self.accepting = True  # new clients and renewals
        self.ended = False

    def stop_new(self):
        self.accepting = False

    def end(self):
        self.ended = True
        self.join(5)
        self.socket.close()

    def run(self):
        try:
            self._loop()
        except Exception as failure:  # told to the watcher, who ends the run
            self.failure = failure

    def _loop(self):
        next_new = next_renewal = time.monotonic()
        while not self.ended:
            now = time.monotonic()
            if self.accepting and now >= next_new:
                self._new_client(now)
                next_new = max(next_new + 1 / self.rate, now - 1)
            if self.accepting and self.renewal_rate and now >= next_renewal:
                self._renewal(now)
                next_renewal = max(next_renewal + 1 / self.renewal_rate, now - 1)
            while self.retries and self.retries[0][0] <= now:
                _, _, client, xid = heapq.heappop(self.retries)
                if client.xid == xid:
                    self._retry(client, now)
            until = min(next_new if self.accepting else now + 0.05, now + 0.05)
            if self.retries:
                until = min(until, self.retries[0][0])
            if select.select([self.socket], [], [], max(0.0, until - time.monotonic()))[0]:
                self._receive()

    def _new_client(self, now):
        client = Client(len(self.clients), self.run_number)
        self.clients.append(client)
        client.begin(now, False)
        self._send(client, now)

    def _renewal(self, now):
        for _ in range(8):
            client = random.choice(self.bound) if self.bound else None
            if client is not None and client.xid is None:
                client.begin(now, True)
                self._send(client, now)
                return

    def _retry(self, client, now):
        if client.kind == REQUEST and not client.renewal and client.requests >= REQUESTS_MAX:
            client.kind = DISCOVER
        self._send(client, now)

    def _send(self, client, now):
        """A new transaction for each packet, so that an answer tells which one it is for."""
        if client.xid is not None:
            self.waiting.pop(client.xid, None)
        client.xid = random.getrandbits(32)
        while client.xid in self.waiting:
            client.xid = random.getrandbits(32)
        self.waiting[client.xid] = client
        if client.kind == REQUEST:
            client.requests += 1
            client.sent_utc = time.time()
        heapq.heappush(self.retries, (now + RETRY_S, client.xid, client, client.xid))
        packet = client.packet(self.giaddr, now)
        for server in self.servers:
            try:
                self.socket.sendto(packet, server)
                self.packets_sent += 1
            except (ConnectionRefusedError, BlockingIOError):
                pass  # nobody there, or no room: as lost on the wire

    def _receive(self):
        while True:
            try:
                packet, source = self.socket.recvfrom(2048)
            except BlockingIOError:
                return
            except ConnectionRefusedError:
                continue  # a server that is not there
            reply = read_reply(packet)
            client = self.waiting.get(reply[0]) if reply else None
            if client is None or reply[4] != client.mac or source not in self.servers:
                continue
            self._reply(client, self.servers.index(source), reply[1:4])

    def _reply(self, client, server, reply):
        kind, address, server_id = reply
        now = time.monotonic()
        if kind == OFFER and client.kind == DISCOVER:
            client.kind, client.requests = REQUEST, 0
            client.offered, client.server_id = address, server_id
            self._send(client, now)
        elif kind == ACK and client.kind == REQUEST:
            if client.address is None:
                self.bound.append(client)
            client.address, client.asked_utc = address, client.sent_utc
            self.acknowledgements.append(
                Acknowledgement(now, now - client.started, server, client.renewal)
            )
            del self.waiting[client.xid]
            client.xid = None
        elif kind == NAK and client.kind == REQUEST:
            self.naks += 1
            client.renewal, client.kind = False, DISCOVER
            self._send(client, now)
