# SPDX-License-Identifier: MPL-2.0
"""What is DHCPv6's own, beside the journeys."""
import os
import random
import time

import dhcp6
from clients import Wire, make_clients
from commands import wait_until

COUNT = 10000


def _is_at_all(pair, keys):
    return all(server.admin.lease(key) for server in pair.servers for key in keys)


def _leases(count):
    """Addresses and prefixes of clients, as lease6-bulk-apply takes them."""
    now = int(time.time())
    for n in range(count):
        client = "%02x:%02x:%02x:01" % (n >> 17, n >> 9 & 255, n >> 1 & 255)
        lease = {"duid": "00:03:00:01:02:01:" + client,
                 "iaid": 1 + n, "subnet-id": 1, "valid-lft": 4000, "preferred-lft": 3000,
                 "expire": now + 4000 - n % 3000, "fqdn-fwd": False, "fqdn-rev": False,
                 "hostname": "" if n % 5 else "host-%d.example.org." % n, "state": 0}
        if n % 2:
            lease.update({"type": "IA_PD", "prefix-len": 56,
                          "ip-address": "2001:db8:%x:%x::" % (0x8000 + (n >> 8), (n & 255) << 8)})
        else:
            lease.update({"type": "IA_NA",
                          "ip-address": "2001:db8:78::1:%x:%x" % (n >> 16, n & 65535)})
        yield lease


def addresses_and_prefixes_are_fetched_in_pages(pair):
    # The one of ours synchronizes; with two of ours, the standby.
    target, source = (pair.servers if pair.kinds == ("ours", "kea") else pair.servers[::-1])
    source.start(pair.relationship(sync_page_limit=1000))
    wait_until(lambda: source.admin.state() == "partner-down", 20, "partner-down")
    leases = list(_leases(COUNT))
    for at in range(0, COUNT, 500):
        source.admin.ask("lease6-bulk-apply", {"leases": leases[at:at + 500]}, timeout=30)
    target.start(pair.relationship(sync_page_limit=1000))
    pair.wait_for_normal(60)
    assert len(pair.check_equal()) == COUNT


def a_declined_address_is_declined_on_both_and_the_prefix_stays(pair):
    pair.start()
    with Wire(pair.clients[0], 6) as wire:
        first, second = make_clients(wire, 2)
        address, prefix = sorted(first.obtain())
        first.decline()
        wait_until(lambda: all((server.admin.lease(address) or {}).get("state") == 1
                               for server in pair.servers), 10, "declined on both")
        assert address not in second.obtain()
        assert all(server.admin.lease(prefix)["state"] == 0 for server in pair.servers)
    pair.check_equal()


def no_reply_while_the_partner_hangs(pair):
    pair.start(max_response_delay=30000, max_unacked_clients=10)
    with Wire(pair.clients[0], 6) as wire:
        client = make_clients(wire, 1)[0]
        offer = client.discover(timeout=5)
        assert offer, "no offer"
        pair.standby.freeze()
        try:
            reply = client.request(offer, timeout=4)
        finally:
            pair.standby.thaw()
        assert reply is None, "acknowledged though the partner hangs"
        assert _is_at_all(pair, client.obtain())
    pair.check_equal()


def _bad_messages(good):
    """Every kind of wrong, and noise; the seed makes them the same each time."""
    noise = random.Random(6)
    for length in (0, 1, 3, 4, 5, 7, 8, 12, 20, len(good) - 1):
        yield good[:length]
    for kind in range(0, 256, 5):
        yield bytes([kind]) + good[1:]
    for length in range(1, 256, 9):  # of each option, longer or shorter than it is
        for at in (7, 21, 25, 31):
            yield good[:at] + bytes([length]) + good[at + 1:]
    for _ in range(600):
        changed = bytearray(good)
        for _ in range(noise.randint(1, 6)):
            changed[noise.randrange(len(changed))] = noise.randrange(256)
        yield bytes(changed)
    relayed = b"\x0c\x00" + bytes(32)
    for depth in (1, 2, 8, 20, 33):
        nested = good
        for _ in range(depth):
            nested = relayed + dhcp6.option(9, nested)
        yield nested
        yield nested[:-7]
    for _ in range(200):
        yield os.urandom(noise.randint(1, 600))


def bad_dhcpv6_packets_do_not_disturb_a_pair_that_serves(pair):
    pair.start()
    with Wire(pair.clients[0], 6) as wire:
        client = make_clients(wire, 1)[0]
        good = client.message(dhcp6.REQUEST, 0, b"\0\2\0\0\x09\xbf\1", [
            "IA_NA 2001:db8:78::1:0:1", "IA_PD 2001:db8:8000:100::"])[1]
        for payload in _bad_messages(good):
            wire.send(payload)
            time.sleep(0.001)
        leases = [key for client in make_clients(wire, 3, block=9) for key in client.obtain()]
    assert len(set(leases)) == 6, leases
    assert not any(server.has_ended() for server in pair.servers)
    pair.wait_for_normal()
    pair.check_equal()


for _function in (addresses_and_prefixes_are_fetched_in_pages,
                  a_declined_address_is_declined_on_both_and_the_prefix_stays,
                  no_reply_while_the_partner_hangs,
                  bad_dhcpv6_packets_do_not_disturb_a_pair_that_serves):
    _function.pair = {"family": 6}
