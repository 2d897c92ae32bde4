# SPDX-License-Identifier: MPL-2.0
"""DHCPv6 messages as bytes (RFC 8415), in Ethernet frames."""
import socket
import struct

SOLICIT, ADVERTISE, REQUEST, CONFIRM, RENEW, REBIND, REPLY, RELEASE, DECLINE = range(1, 10)
OPTION_CLIENT, OPTION_SERVER, OPTION_IA_NA, OPTION_IAADDR = 1, 2, 3, 5
OPTION_ELAPSED, OPTION_STATUS, OPTION_IA_PD, OPTION_IAPREFIX = 8, 13, 25, 26
ALL_SERVERS = socket.inet_pton(socket.AF_INET6, "ff02::1:2")
KINDS = {OPTION_IA_NA: ("IA_NA", OPTION_IAADDR), OPTION_IA_PD: ("IA_PD", OPTION_IAPREFIX)}


def option(code, value):
    return struct.pack("!HH", code, len(value)) + value


def options_of(raw):
    """Pairs of code and value; what is cut short ends the list."""
    at = 0
    while at + 4 <= len(raw):
        code, size = struct.unpack("!HH", raw[at:at + 4])
        yield code, raw[at + 4:at + 4 + size]
        at += 4 + size


def address_option(key):
    """A lease as "IA_NA 2001:db8::1" back to the option inside its IA."""
    kind, address = key.split()
    raw = socket.inet_pton(socket.AF_INET6, address)
    if kind == "IA_NA":
        return option(OPTION_IAADDR, raw + bytes(8))
    return option(OPTION_IAPREFIX, bytes(8) + b"\x38" + raw)


def _lease_of(code, value):
    """Key and valid lifetime of an address or prefix."""
    if code == OPTION_IAADDR:
        address, valid = value[:16], value[20:24]
    else:
        valid, address = value[4:8], value[9:25]
    return socket.inet_ntop(socket.AF_INET6, address), int.from_bytes(valid, "big")


class Message:
    """What the tests need of a server's message."""

    def __init__(self, kind, xid):
        self.kind, self.xid = kind, xid
        self.client = self.server = b""
        self.leases = []  # (key, valid lifetime)
        self.statuses = []
        self.time = None

    def granted(self):
        """Key and client of each lease that it acknowledges."""
        return [(key, self.client.hex(":")) for key, valid in self.leases
                if valid and self.kind == REPLY]

    @classmethod
    def parse(cls, raw):
        """The message, or None when it is none of a server."""
        if len(raw) < 4 or raw[0] not in (ADVERTISE, REPLY):
            return None
        message = cls(raw[0], int.from_bytes(raw[1:4], "big"))
        for code, value in options_of(raw[4:]):
            if code == OPTION_CLIENT:
                message.client = value
            elif code == OPTION_SERVER:
                message.server = value
            elif code in KINDS and len(value) >= 12:
                message._take_association(code, value[12:])
            elif code == OPTION_STATUS:
                message.statuses.append(int.from_bytes(value[:2], "big"))
        return message

    def _take_association(self, code, raw):
        kind, inner = KINDS[code]
        for found, value in options_of(raw):
            if found == inner and len(value) >= 24:
                address, valid = _lease_of(found, value)
                self.leases.append(("%s %s" % (kind, address), valid))
            elif found == OPTION_STATUS:
                self.statuses.append(int.from_bytes(value[:2], "big"))


def _checksum(raw):
    if len(raw) % 2:
        raw += b"\0"
    total = sum(struct.unpack("!%dH" % (len(raw) // 2), raw))
    while total >> 16:
        total = (total & 0xffff) + (total >> 16)
    return ~total & 0xffff or 0xffff


def link_local(mac):
    """The address that Linux makes from a hardware address."""
    return b"\xfe\x80" + bytes(6) + bytes([mac[0] ^ 2]) + mac[1:3] + b"\xff\xfe" + mac[3:]


def frame(payload, mac):
    """To all servers, port 546 to 547, from the link-local address that belongs to mac."""
    length = 8 + len(payload)
    ends = link_local(mac) + ALL_SERVERS
    udp = struct.pack("!HHHH", 546, 547, length, 0) + payload
    checksum = _checksum(ends + struct.pack("!II", length, 17) + udp)
    udp = udp[:6] + struct.pack("!H", checksum) + payload
    return (b"\x33\x33" + ALL_SERVERS[12:] + mac + b"\x86\xdd" +
            struct.pack("!IHBB", 6 << 28, length, 17, 1) + ends + udp)


def payload_of(raw):
    """What a frame carries over UDP from port 547, or None."""
    if len(raw) < 62 or raw[12:14] != b"\x86\xdd" or raw[20] != 17 or raw[54:56] != b"\x02\x23":
        return None
    return raw[62:54 + struct.unpack("!H", raw[58:60])[0]]
