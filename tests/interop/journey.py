# SPDX-License-Identifier: MPL-2.0
"""The life of one pair in chapters: what happens to it, and what must be true after each.

A journey prints a line per chapter, and its error names the chapter that failed.
"""
# What is waited for is over before the loop goes on.  pylint: disable=cell-var-from-loop
import contextlib
import copy
import time

from clients import Dhclient, Perfdhcp, Udhcpc, Wire, make_clients
from commands import tls_context, wait_until
from pair import settle

# Silence and a few clients who have waited are the partner's failure.
BACKLOG = 300
PARAMETERS = {
    "hot-standby": {"max_unacked_clients": 10},
    "load-balancing": {"max_unacked_clients": 10, "delayed_updates_limit": BACKLOG},
    "passive-backup": {},
}


def is_free(lease):
    """Gone, or kept as released or expired: not the client's any more."""
    return lease is None or lease["state"] >= 2 or lease["valid-lft"] == 0


def is_kept_as_released(lease):
    """As Kea 3.0 keeps it, and tells its partner (P2 4.2)."""
    return lease is not None and lease["state"] == 3


BEFORE_3 = ("kea", "kea2.6")
LATE_MAX = 8  # leases


class Journey:
    """A pair under way, with a record of all that its clients were told."""

    def __init__(self, pair, **changes):
        self.pair = pair
        self.family = pair.family
        self.changes = {**PARAMETERS[pair.mode], **changes}
        self.wire = None
        self.released = set()
        self._blocks = self._loads = 0

    def __enter__(self):
        self.wire = Wire(self.pair.clients[0], self.family.number)
        return self

    def __exit__(self, *_):
        self.wire.close()

    @contextlib.contextmanager
    def chapter(self, name):
        begin = time.monotonic()
        try:
            yield
        except Exception:
            print("chapter  FAILED  %5.1f s  %s" % (time.monotonic() - begin, name), flush=True)
            raise
        print("chapter  ok      %5.1f s  %s" % (time.monotonic() - begin, name), flush=True)

    def start(self):
        self.pair.start(**self.changes)

    # ---- clients

    def new_clients(self, count):
        """Never seen before."""
        self._blocks += 1
        return make_clients(self.wire, count, block=self._blocks)

    @contextlib.contextmanager
    def load(self, rate, extra=()):
        """New clients at a rate meanwhile."""
        self._loads += 1
        base = ("-b", "mac=00:0c:01:%02x:00:00" % self._loads)
        load = Perfdhcp(self.pair.clients[0], self.pair.folder, rate, 120, extra=(*base, *extra),
                        family=self.family.number)
        try:
            yield
        finally:
            load.end()

    def wait_for_more(self, count, who, timeout=30):
        before = self.wire.count()
        wait_until(lambda: self.wire.count() >= before + count, timeout,
                   "%d leases from %s" % (count, who))

    def plead_until_in_partner_down(self, server):
        """Clients whose waiting tells it that its partner has failed."""
        clients = self.new_clients(48)
        begin = time.monotonic()

        def is_down():
            for client in clients:
                client.plead(int(time.monotonic() - begin) + 3)
            return wait_until_soon(lambda: server.admin.state() == "partner-down")
        wait_until(is_down, 30, server.name + " is in partner-down")

    def release(self, client, keys):
        """Released by the client, and free at all servers."""
        self.released.update(keys)
        client.release()
        pair = self.pair
        # Where the one that serves is of Kea 3.0, and no other of an older version.
        keeps = (pair.primary.kind == "kea3.0" and pair.mode != "load-balancing" and
                 not set(pair.kinds) & set(BEFORE_3))
        is_released = is_kept_as_released if keeps else is_free
        for server in pair.servers:
            wait_until(lambda: all(is_released(server.admin.lease(key)) for key in keys), 10,
                       "%s released at %s" % (keys, server.name))

    # ---- what must be true

    def holders(self):
        found = self.wire.holders(self.released)
        return {key: client for key, client in found.items() if key not in self.released}

    def _differences(self, servers):
        """Leases of the first, and those that differ at the others; what nobody has is left out."""
        leases, found = self.pair.differences(servers)
        return leases, [row for row in found if not (is_free(row[2]) and is_free(row[3]))]

    def disagreements(self, servers=None):
        """What clients hold and is not the same at the two servers, or not theirs.

        All leases need not be after a failure under load: one that was stored and never
        acknowledged stays with one server, as nothing is rolled back (P2 4.6), until a
        synchronization."""
        holders = self.holders()
        leases, differing = self._differences(servers or self.pair.servers[:2])
        return ([row for row in differing if row[1] in holders] +
                [(key, client) for key, client in holders.items()
                 if key not in leases or self.family.client(leases[key]) != client])

    def check_agree(self, servers=None, timeout=10):
        agree = wait_until_soon(lambda: not self.disagreements(servers), timeout)
        wrong = [] if agree else self.disagreements(servers)
        assert not wrong, "%d acknowledged leases lost or different, such as %s" % (
            len(wrong), wrong[:2])

    def check_agree_with_survivor(self, survivor, returned):
        """Kea finishes the packets in its queue when dhcp-disable comes: a few leases may be
        given after its last page, and wait for the next synchronization."""
        if survivor.kind.startswith("kea"):
            wait_until(lambda: len(self.disagreements()) <= LATE_MAX, 10,
                       "all but %d leases at both servers" % LATE_MAX)
            synchronize(returned, survivor)
        self.check_agree()

    def check_equal(self, timeout=10):
        """All databases are equal, field by field."""
        servers = self.pair.servers
        if not wait_until_soon(lambda: not self._differences(servers)[1], timeout):
            differing = self._differences(servers)[1]
            holders = self.holders()
            assert not differing, "%d leases differ (%d of them acknowledged), such as %s" % (
                len(differing), sum(row[1] in holders for row in differing), differing[:2])
        self.check_agree(servers)

    def check_normal(self):
        """Nobody is stuck: states, scopes, the service, and no answer waits for a partner."""
        pair = self.pair
        pair.wait_for_normal(60)
        wait_until(lambda: pair.scopes() == pair.normal_scopes(), 10, "scopes %s" % pair.scopes())
        for server, scopes in zip(pair.servers, pair.normal_scopes()):
            if server.kind != "ours":
                continue

            def is_well():
                own = server.admin.ask("status-get")["dhcpha"]
                return own["answers-waiting"] == 0 and (own["service-enabled"] or not scopes)
            wait_until(is_well, 10, "%s serves and nothing waits in it" % server.name)

    def check_serves(self):
        """Each server that should serve does: clients come to it."""
        pair = self.pair
        wanted = {server.name for server, scopes in zip(pair.servers, pair.normal_scopes())
                  if scopes}
        served = {}

        def all_serve():
            client = self.new_clients(1)[0]
            client.obtain(timeout=10)
            served.setdefault(client.server, client)
            return len(served) >= len(wanted)
        wait_until(all_serve, 30, "clients are served by " + " and ".join(sorted(wanted)))
        return list(served.values())


def wait_until_soon(condition, timeout=0.5):
    """As wait_until(), but false when the time runs out."""
    deadline = time.monotonic() + timeout
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.3)
    return True


# ---- chapters that the modes share


def start(journey):
    pair = journey.pair
    with journey.chapter("start, with credentials"):
        pair.authenticate()
        journey.start()
        journey.check_normal()
        for server in pair.servers:
            if server.kind == "ours":  # before 3.3, Kea's own listener does not ask
                _check_refuses(server, server.admin.credentials + "?")
                _check_refuses(server, None)


def _check_refuses(server, credentials):
    admin = copy.copy(server.admin)
    admin.credentials = credentials
    head = admin.send_raw("ha-heartbeat").partition(b"\r\n\r\n")[0].decode().splitlines()
    assert " 401 " in head[0] and any(line.lower().startswith("www-authenticate: basic")
                                      for line in head), head


def over_tls(journey):
    """All end and start again, and speak TLS from then on."""
    pair = journey.pair
    with journey.chapter("all stopped, and started again with TLS"):
        pair.stop()
        pair.secure()
        journey.start()
        journey.check_normal()
        for server in pair.servers:
            for context in (None, tls_context(pair.certificates)):
                admin = copy.copy(server.admin)
                admin.context = context
                assert admin.state() is None, \
                    "%s takes commands without TLS or certificate" % server.name
        journey.check_serves()
        journey.check_agree()


def real_clients(journey):
    """dhclient, udhcpc (DHCPv4) and perfdhcp; renewals and releases of our own."""
    pair = journey.pair
    with journey.chapter("leases of real clients"):
        kinds = [Dhclient] if journey.family.number == 6 else [Udhcpc, Dhclient]
        with journey.load(40):
            for kind in kinds:
                arguments = (journey.family.number,) if kind is Dhclient else ()
                client = kind(pair.clients[1], pair.folder, *arguments)
                try:
                    bound = client.wait_bound()
                    keys = bound if isinstance(bound, list) else [bound]
                    for server in pair.servers:
                        wait_until(lambda: all(map(server.admin.lease, keys)), 5,
                                   "%s at %s" % (keys, server.name))
                    if kind is Udhcpc:
                        client.renew()
                    journey.release(client, keys)
                finally:
                    client.end()
            journey.wait_for_more(60, "perfdhcp")
        for client in journey.check_serves():
            settle(1.1)
            client.renew()
            journey.check_equal()
            journey.release(client, client.leases)
        journey.check_equal()


def kill_and_return(journey, victim, survivor, name):
    with journey.chapter(name):
        with journey.load(30):
            journey.wait_for_more(30, "the pair")
            victim.kill()
            journey.plead_until_in_partner_down(survivor)
            journey.wait_for_more(30, survivor.name)
            victim.begin_run()
            journey.pair.wait_for_normal(60)
            journey.wait_for_more(30, "the pair again")
        journey.check_normal()
        journey.check_agree_with_survivor(survivor, victim)


def maintenance_cancelled(journey, server, partner):
    # A Kea before 3.0 forgets to forget its partner's state: a lease update that completes before
    # the next heartbeat, or a heartbeat that crosses, takes it back to where it was (P2 7.7).
    old = server.kind in BEFORE_3 or partner.kind in BEFORE_3
    with journey.chapter("maintenance of %s started and cancelled" % partner.name):
        with journey.load(20):
            answer = server.admin.send("ha-maintenance-start")
            assert answer["result"] == 0, answer
            assert server.admin.state() == "partner-in-maintenance"
            assert partner.admin.state() == "in-maintenance"
            journey.wait_for_more(20, server.name)
            if not old:
                _cancel_maintenance(journey, server)
        if old:
            settle(1)
            _cancel_maintenance(journey, server, tries=3)
        journey.check_normal()
        journey.check_agree()


def _cancel_maintenance(journey, server, tries=1):
    """More than one try: as an administrator does who finds it back where it was."""
    for left in reversed(range(tries)):
        answer = server.admin.send("ha-maintenance-cancel")
        assert answer["result"] == 0, answer
        if wait_until_soon(lambda: "partner-in-maintenance" in journey.pair.states(), 1.5) and left:
            continue
        journey.pair.wait_for_normal()
        return


def maintenance_and_shutdown(journey, server, partner):
    with journey.chapter("maintenance of %s, shutdown and return" % partner.name):
        with journey.load(20):
            server.admin.ask("ha-maintenance-start")
            journey.wait_for_more(20, server.name)
            assert partner.stop(), "%s did not end by itself" % partner.name
            wait_until(lambda: server.admin.state() == "partner-down", 20, "partner-down")
            journey.wait_for_more(20, server.name)
            partner.begin_run()
            journey.pair.wait_for_normal(60)
        journey.check_normal()
        journey.check_agree_with_survivor(server, partner)


def synchronize(server, source):
    answer = server.admin.send("ha-sync", {"server-name": source.name, "max-period": 60}, 60)
    assert answer == {"result": 0, "text": "Lease database synchronization complete."}, answer


def carry_over(server, source):
    """Leases that only a backup has, to the primary."""
    if server.kind != "kea":
        synchronize(server, source)
        return
    # Kea 2.2 fetches from the failover partner alone, whatever it is told (P2 7.1).
    for lease in source.admin.leases().values():
        expire = lease.pop("cltt") + lease["valid-lft"]
        server.admin.ask(server.family.command("lease-update"),
                         {**lease, "expire": expire, "force-create": True})


def synchronized_by_command(journey):
    """Leases that one lacks, deleted behind its back, are there again; then all are equal."""
    pair = journey.pair
    with journey.chapter("ha-sync by command"):
        for server, source in (pair.servers[:2], pair.servers[1::-1]):
            for key in sorted(journey.holders())[:20]:
                server.admin.delete_lease(key)
            synchronize(server, source)
        for backup in pair.servers[2:]:
            synchronize(backup, pair.primary)
        journey.check_equal()
        journey.check_normal()


def the_end(journey):
    with journey.chapter("the end"):
        journey.check_normal()
        journey.check_serves()
        journey.check_equal()
