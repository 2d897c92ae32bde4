# SPDX-License-Identifier: MPL-2.0
"""What a client is told, the partner knows already."""
import time

import dhcp
from clients import Perfdhcp, Udhcpc, Wire, make_clients
from commands import wait_until
from pair import settle

PATIENT = {"max_response_delay": 30000, "max_unacked_clients": 10}


def _is_free(lease):
    """Gone, or kept as released or expired: not the client's any more."""
    return lease is None or lease["state"] >= 2 or lease["valid-lft"] == 0


def no_acknowledgement_while_the_partner_hangs(pair):
    pair.start(**PATIENT)
    with Wire(pair.clients[0]) as wire:
        client = make_clients(wire, 1)[0]
        offer = client.discover(timeout=5)
        assert offer, "no offer"
        pair.standby.freeze()
        try:
            reply = client.request(offer, timeout=4)
        finally:
            pair.standby.thaw()
        assert reply is None, "acknowledged though the partner hangs"
        wait_until(lambda: wire.replies(dhcp.ACK), 10, "acknowledged when the partner is back")
        assert pair.standby.admin.lease(offer.yiaddr), "acknowledged, but not at the partner"
    pair.check_equal()


def no_acknowledgement_while_the_control_network_is_cut(pair):
    pair.start(**PATIENT)
    with Wire(pair.clients[0]) as wire:
        client = make_clients(wire, 1)[0]
        offer = client.discover(timeout=5)
        assert offer, "no offer"
        pair.network.set_link("server2", "control", False)
        reply = client.request(offer, timeout=4)
        pair.network.set_link("server2", "control", True)
        assert reply is None, "acknowledged though the partner cannot be reached"
        address = client.obtain(timeout=40)
        assert pair.standby.admin.lease(address), "acknowledged, but not at the partner"
    pair.wait_for_normal()
    pair.check_equal()


def each_acknowledged_address_is_at_the_partner_at_once(pair):
    pair.start()
    with Wire(pair.clients[0]) as wire:
        load = Perfdhcp(pair.clients[0], pair.folder, rate=40, seconds=5)
        try:
            checked = 0
            while load.process.poll() is None or checked < len(wire.replies(dhcp.ACK)):
                for ack in wire.replies(dhcp.ACK)[checked:]:
                    lease = pair.standby.admin.lease(ack.yiaddr)
                    assert lease, "%s is acknowledged, but not at the partner" % ack.yiaddr
                    assert lease["hw-address"] == ack.mac, lease
                    checked += 1
                time.sleep(0.01)
        finally:
            load.end()
    assert checked > 100, load.report()
    pair.check_equal()


def a_renewal_is_replicated(pair):
    pair.start()
    client = Udhcpc(pair.clients[0], pair.folder)
    try:
        address = client.wait_bound()
        before = pair.standby.admin.lease(address)
        settle(2)
        client.renew()
        after = pair.standby.admin.lease(address)
    finally:
        client.end()
    assert after["cltt"] > before["cltt"], (before, after)
    pair.check_equal()


def a_release_is_replicated(pair):
    pair.start()
    client = Udhcpc(pair.clients[0], pair.folder)
    try:
        address = client.wait_bound()
        assert not _is_free(pair.standby.admin.lease(address))
        client.release()
        wait_until(lambda: all(_is_free(server.admin.lease(address)) for server in pair.servers),
                   10, "released on both")
    finally:
        client.end()


def a_declined_address_is_declined_on_both_and_not_given_again(pair):
    pair.start()
    with Wire(pair.clients[0]) as wire:
        first, second = make_clients(wire, 2)
        declined = first.obtain()
        first.decline()
        wait_until(lambda: all((server.admin.lease(declined) or {}).get("state") == 1
                               for server in pair.servers), 10, "declined on both")
        assert second.obtain() != declined
    pair.check_equal()
