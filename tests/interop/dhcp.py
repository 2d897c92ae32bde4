# SPDX-License-Identifier: MPL-2.0
"""DHCPv4 messages as bytes (RFC 2131, RFC 2132), in Ethernet frames."""
import socket
import struct

DISCOVER, OFFER, REQUEST, DECLINE, ACK, NAK, RELEASE = range(1, 8)
MAGIC = b"\x63\x82\x53\x63"
OPTION_REQUESTED, OPTION_TYPE, OPTION_SERVER = 50, 53, 54
OPTION_CLIENT_ID, OPTION_END = 61, 255
BROADCAST_FLAG = 0x8000
BOOTP = "!BBBBIHH4s4s4s4s16s64s128s"


def mac_bytes(text):
    return bytes.fromhex(text.replace(":", ""))


def mac_text(raw):
    return ":".join("%02x" % byte for byte in raw)


class Message:
    """What the tests need of a message, in both directions."""

    def __init__(self, kind, mac, xid, secs=0, ciaddr="0.0.0.0", options=()):
        self.kind, self.mac, self.xid, self.secs = kind, mac, xid, secs
        self.ciaddr, self.yiaddr = ciaddr, "0.0.0.0"
        self.options = dict(options)
        self.time = None

    @property
    def server(self):
        raw = self.options.get(OPTION_SERVER)
        return socket.inet_ntoa(raw) if raw and len(raw) == 4 else None

    def granted(self):
        """Key and client of each lease that it acknowledges."""
        return [(self.yiaddr, self.mac)] if self.kind == ACK and self.yiaddr != "0.0.0.0" else []

    def pack(self):
        address = socket.inet_aton
        head = struct.pack(BOOTP, 1, 1, 6, 0, self.xid, self.secs, BROADCAST_FLAG,
                           address(self.ciaddr), bytes(4), bytes(4), bytes(4),
                           mac_bytes(self.mac), b"", b"")
        options = {OPTION_TYPE: bytes([self.kind]), **self.options}
        body = b"".join(bytes([code, len(value)]) + value for code, value in options.items())
        return head + MAGIC + body + bytes([OPTION_END])

    @classmethod
    def parse(cls, raw):
        """The message, or None when it is no DHCP reply."""
        size = struct.calcsize(BOOTP)
        if len(raw) < size + 4 or raw[size:size + 4] != MAGIC:
            return None
        head = struct.unpack(BOOTP, raw[:size])
        options, at = {}, size + 4
        while at + 1 < len(raw) and raw[at] != OPTION_END:
            if raw[at] == 0:
                at += 1
                continue
            options[raw[at]] = raw[at + 2:at + 2 + raw[at + 1]]
            at += 2 + raw[at + 1]
        kind = options.get(OPTION_TYPE, b"\0")[:1] or b"\0"
        if head[0] != 2:
            return None
        message = cls(kind[0], mac_text(head[11][:6]), head[4], head[5],
                      socket.inet_ntoa(head[7]), options)
        message.yiaddr = socket.inet_ntoa(head[8])
        return message


def _checksum(raw):
    if len(raw) % 2:
        raw += b"\0"
    total = sum(struct.unpack("!%dH" % (len(raw) // 2), raw))
    while total >> 16:
        total = (total & 0xffff) + (total >> 16)
    return ~total & 0xffff


def frame(payload, source_mac):
    """Broadcast Ethernet, IP and UDP (68 to 67) around it; no UDP checksum."""
    udp = struct.pack("!HHHH", 68, 67, 8 + len(payload), 0) + payload
    head = struct.pack("!BBHHHBBH4s4s", 0x45, 0, 20 + len(udp), 0, 0, 64, 17, 0,
                       bytes(4), b"\xff" * 4)
    head = head[:10] + struct.pack("!H", _checksum(head)) + head[12:]
    return b"\xff" * 6 + source_mac + b"\x08\x00" + head + udp


def payload_of(raw):
    """What a frame carries over UDP from port 67, or None."""
    if len(raw) < 42 or raw[12:14] != b"\x08\x00" or raw[23] != 17:
        return None
    udp = 14 + 4 * (raw[14] & 15)
    if raw[udp:udp + 2] != b"\0\x43":
        return None
    length = struct.unpack("!H", raw[udp + 4:udp + 6])[0]
    return raw[udp + 8:udp + length]
