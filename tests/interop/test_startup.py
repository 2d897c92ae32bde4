# SPDX-License-Identifier: MPL-2.0
"""Two servers find each other."""
from clients import Perfdhcp, Udhcpc, Wire, make_clients


def started_together_both_reach_hot_standby(pair):
    for server in pair.servers:
        server.start(pair.relationship())
    pair.wait_for_normal()
    assert pair.scopes() == [["server1"], []], pair.scopes()


def a_primary_alone_serves_and_the_standby_joins_it(pair):
    pair.primary.start(pair.relationship())
    pair.wait_for_states("partner-down", None)
    with Wire(pair.clients[0]) as wire:
        address = make_clients(wire, 1)[0].obtain()
    pair.standby.start(pair.relationship())
    pair.wait_for_normal()
    assert pair.standby.admin.lease(address), "the lease given before is not at the standby"
    pair.check_equal()


def a_standby_alone_serves_and_the_primary_joins_it(pair):
    pair.standby.start(pair.relationship())
    pair.wait_for_states(None, "partner-down")
    assert pair.standby.scopes() == ["server1"], pair.standby.scopes()
    with Wire(pair.clients[0]) as wire:
        address = make_clients(wire, 1)[0].obtain()
    pair.primary.start(pair.relationship())
    pair.wait_for_normal()
    assert pair.primary.admin.lease(address), "the lease given before is not at the primary"
    assert pair.scopes() == [["server1"], []], pair.scopes()
    pair.check_equal()


def real_clients_are_served_and_both_databases_are_equal(pair):
    pair.start()
    client = Udhcpc(pair.clients[0], pair.folder)
    load = Perfdhcp(pair.clients[1], pair.folder, rate=50, seconds=6)
    try:
        address = client.wait_bound()
        load.wait()
    finally:
        load.end()
        client.end()
    assert load.completed() > 200, load.report()
    leases = pair.check_equal()
    assert address in leases
    assert len(leases) > 200, len(leases)
