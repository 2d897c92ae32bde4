# SPDX-License-Identifier: MPL-2.0
"""Many leases are fetched from the partner in pages."""
import ipaddress
import time

from clients import Wire, make_clients
from commands import wait_until
from pair import settle

COUNT = 25000
FIRST = int(ipaddress.ip_address("10.78.16.0"))


def _leases(count):
    """As lease4-get-all tells them, of all kinds."""
    now = int(time.time())
    for n in range(count):
        yield {"ip-address": str(ipaddress.ip_address(FIRST + n)),
               "hw-address": "02:01:%02x:%02x:%02x:01" % (n >> 16, n >> 8 & 255, n & 255),
               "client-id": "" if n % 3 else "01:02:01:%02x:%02x:%02x" % (
                   n >> 16, n >> 8 & 255, n & 255),
               "valid-lft": 4000, "cltt": now - n % 3000, "subnet-id": 1,
               "fqdn-fwd": False, "fqdn-rev": False,
               "hostname": "" if n % 5 else "host-%d.example.org." % n,
               "state": 1 if n % 1000 == 7 else 0}


def _sync_by_command(pair, source, target):
    """Synchronizing at start-up is off; the administrator asks for it."""
    source.preload(_leases(COUNT))
    pair.start(sync_leases=False, sync_page_limit=1000)
    assert target.admin.leases() == {}
    answer = target.admin.send("ha-sync", {"server-name": source.name, "max-period": 60}, timeout=60)
    assert answer == {"result": 0, "text": "Lease database synchronization complete."}, answer
    assert len(pair.check_equal()) == COUNT
    pair.wait_for_normal()
    with Wire(pair.clients[0]) as wire:
        make_clients(wire, 1)[0].obtain()
    pair.check_equal()


def ha_sync_fetches_25000_leases_from_the_primary(pair):
    _sync_by_command(pair, pair.primary, pair.standby)


def ha_sync_fetches_25000_leases_from_the_standby(pair):
    _sync_by_command(pair, pair.standby, pair.primary)


def a_server_that_starts_fetches_25000_leases_from_its_partner(pair):
    # The one of ours synchronizes; with two of ours, the standby.
    target, source = (pair.servers if pair.kinds == ("ours", "kea") else pair.servers[::-1])
    source.preload(_leases(COUNT))
    source.start(pair.relationship(sync_page_limit=1000))
    wait_until(lambda: source.admin.state() == "partner-down", 20, "partner-down")
    target.start(pair.relationship(sync_page_limit=1000))
    pair.wait_for_normal(60)
    assert len(pair.check_equal()) == COUNT


def _dies_while_synchronizing(pair, survivor, victim):
    survivor.preload(_leases(COUNT))
    timers = {"sync_timeout": 5000, "sync_page_limit": 1}
    survivor.start(pair.relationship(**timers))
    wait_until(lambda: survivor.admin.state() == "partner-down", 20, "partner-down")
    victim.start(pair.relationship(**timers))
    wait_until(lambda: victim.admin.state() == "syncing", 20, "syncing")
    settle(0.5)
    assert victim.admin.state() == "syncing", "synchronized too fast for this test"
    victim.kill()
    with Wire(pair.clients[0]) as wire:
        client = make_clients(wire, 1)[0]
        assert client.discover(timeout=1) is None, "not disabled by the synchronizing partner"
        client.obtain(timeout=25)
    assert survivor.admin.state() == "partner-down"


def the_primary_serves_again_when_the_standby_dies_while_synchronizing(pair):
    _dies_while_synchronizing(pair, pair.primary, pair.standby)


def the_standby_serves_again_when_the_primary_dies_while_synchronizing(pair):
    _dies_while_synchronizing(pair, pair.standby, pair.primary)
