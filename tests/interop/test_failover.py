# SPDX-License-Identifier: MPL-2.0
"""One server is killed under load and comes back."""
import dhcp
from clients import Perfdhcp, Wire, make_clients
from commands import wait_until
from pair import settle


def _acknowledged(wire):
    """Address to hardware address; none may be given to two clients."""
    clients = {}
    for ack in wire.replies(dhcp.ACK):
        assert clients.setdefault(ack.yiaddr, ack.mac) == ack.mac, \
            "%s acknowledged to %s and %s" % (ack.yiaddr, clients[ack.yiaddr], ack.mac)
    return clients


def _check_none_lost(pair, clients):
    for server in pair.servers:
        leases = server.admin.leases()
        lost = [address for address, mac in clients.items()
                if leases.get(address, {}).get("hw-address") != mac]
        assert not lost, "%s lacks %d of %d acknowledged leases, such as %s" % (
            server.name, len(lost), len(clients), lost[:5])


def _check_agree(pair, killed, clients):
    """A lease that the killed primary stored and never acknowledged stays with it alone, as nothing
    is rolled back and only the returning server synchronizes (P2 4.6, 6.4)."""
    if killed is pair.standby:
        pair.check_equal()
        return
    ours, theirs = pair.primary.admin.leases(), pair.standby.admin.leases()
    extra = [address for address in ours if address not in theirs]
    assert not set(extra) & set(clients), "acknowledged, at the primary only: %s" % extra
    differing = [(ours.get(address), lease) for address, lease in theirs.items()
                 if ours.get(address) != lease]
    assert not differing, "%d leases differ, such as %s" % (len(differing), differing[:3])


def _kill_and_return(pair, killed, other):
    pair.start()
    with Wire(pair.clients[0]) as wire:
        load = Perfdhcp(pair.clients[0], pair.folder, rate=40, seconds=60)

        def wait_for_more(count, what):
            before = len(wire.replies(dhcp.ACK))
            wait_until(lambda: len(wire.replies(dhcp.ACK)) >= before + count, 20, what)
        try:
            wait_for_more(60, "clients are served by the pair")
            killed.kill()
            wait_until(lambda: other.admin.state() == "partner-down", 20,
                       other.name + " is in partner-down")
            wait_for_more(60, "clients are served by " + other.name)
            killed.begin_run()
            pair.wait_for_normal()
            wait_for_more(60, "clients are served by the pair again")
        finally:
            load.end()
        settle(2)
        clients = _acknowledged(wire)
    assert len(clients) >= 180
    _check_none_lost(pair, clients)
    _check_agree(pair, killed, clients)


def the_standby_takes_over_from_a_killed_primary_and_nothing_is_lost(pair):
    _kill_and_return(pair, pair.primary, pair.standby)


def the_primary_goes_on_without_a_killed_standby_and_nothing_is_lost(pair):
    _kill_and_return(pair, pair.standby, pair.primary)


def a_killed_server_finds_every_acknowledged_lease_when_it_comes_back_alone(pair):
    server = pair.primary if pair.primary.kind == "ours" else pair.standby
    server.start(pair.relationship())
    wait_until(lambda: server.admin.state() == "partner-down", 20, "partner-down")
    with Wire(pair.clients[0]) as wire:
        load = Perfdhcp(pair.clients[0], pair.folder, rate=200, seconds=60)
        try:
            wait_until(lambda: len(wire.replies(dhcp.ACK)) > 400, 30, "clients are served")
            server.kill()
        finally:
            load.end()
        settle(1)
        clients = _acknowledged(wire)
    server.begin_run()
    wait_until(server.admin.state, 20, server.name + " is up again")
    leases = server.admin.leases()
    lost = [address for address, mac in clients.items()
            if leases.get(address, {}).get("hw-address") != mac]
    assert not lost, "%d of %d acknowledged leases are lost" % (len(lost), len(clients))


def a_cut_control_network_heals(pair):
    """Neither can tell a cut from a death: both serve for a while, then they agree again."""
    pair.start()
    with Wire(pair.clients[0]) as wire:
        before, after = make_clients(wire, 2)
        before.obtain()
        pair.network.set_link("server2", "control", False)
        wait_until(lambda: pair.primary.admin.state() == "partner-down", 30, "partner-down")
        settle(1)
        pair.network.set_link("server2", "control", True)
        pair.wait_for_normal(60)
        after.obtain()
    assert len(pair.check_equal()) == 2


def short_cuts_of_the_control_network_lose_no_acknowledged_lease(pair):
    pair.start(max_response_delay=10000)
    with Wire(pair.clients[0]) as wire:
        load = Perfdhcp(pair.clients[0], pair.folder, rate=40, seconds=60)
        try:
            for _ in range(3):
                pair.network.set_link("server2", "control", False)
                settle(1)
                pair.network.set_link("server2", "control", True)
                before = len(wire.replies(dhcp.ACK))
                wait_until(lambda: len(wire.replies(dhcp.ACK)) >= before + 40, 20, "served again")
        finally:
            load.end()
        settle(2)
        clients = _acknowledged(wire)
    pair.wait_for_normal()
    _check_none_lost(pair, clients)
