# SPDX-License-Identifier: MPL-2.0
"""Each server serves its half of the clients; both must agree which half that is (RFC 3074)."""
import dhcp
from clients import Wire, make_clients
from commands import wait_until
from pair import settle

CLIENTS = 40


def _start(pair):
    for server in pair.servers:
        server.start(pair.relationship(mode="load-balancing", max_unacked_clients=10,
                                       delayed_updates_limit=1000))
    pair.wait_for_states("load-balancing", "load-balancing")
    settle(1)  # the one that arrived last still waits for the other's next heartbeat


def each_client_is_served_by_exactly_one_of_both(pair):
    _start(pair)
    with Wire(pair.clients[0]) as wire:
        clients = make_clients(wire, CLIENTS)
        for client in clients:
            client.obtain()
        settle(1)
        offers = wire.replies(dhcp.OFFER)
        servers = {client.mac: {offer.server for offer in offers if offer.mac == client.mac}
                   for client in clients}
        assert all(len(names) == 1 for names in servers.values()), servers
        shares = [client.server for client in clients]
        assert 5 < shares.count("10.78.0.1") < CLIENTS - 5, shares
    assert len(pair.check_equal()) == CLIENTS


def updates_of_a_cut_network_are_delivered_when_it_heals(pair):
    """communication-recovery: both go on serving and keep the updates for each other."""
    _start(pair)
    with Wire(pair.clients[0]) as wire:
        clients = make_clients(wire, CLIENTS)
        for client in clients[:10]:
            client.obtain()
        pair.network.set_link("server2", "control", False)
        wait_until(lambda: pair.primary.admin.state() == "communication-recovery", 30,
                   "communication-recovery")
        for client in clients[10:]:
            client.obtain(timeout=40)
        pair.network.set_link("server2", "control", True)
        pair.wait_for_states("load-balancing", "load-balancing", timeout=60)
    assert len(pair.check_equal()) == CLIENTS
