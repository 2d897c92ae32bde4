# SPDX-License-Identifier: MPL-2.0
"""Two servers, an administrator and room for clients."""
import contextlib
import time

from commands import PORT, wait_until
from servers import KINDS


class Pair:
    """Primary "server1" and standby "server2", an administrator, and nodes for clients."""

    parameters = {"mode": "hot-standby", "heartbeat-delay": 500, "max-response-delay": 3000,
                  "max-ack-delay": 1000, "max-unacked-clients": 0, "restrict-commands": False}

    def __init__(self, network, folder, primary, standby):
        self.network = network
        self.folder = folder
        self.kinds = (primary, standby)
        admin = network.add_node("admin", control="10.77.0.100/24")
        self.clients = [network.add_node("client%d" % n, dhcp="10.78.0.%d/16" % (10 + n))
                        for n in (1, 2)]
        self.servers = []
        for number, kind in enumerate(self.kinds, 1):
            name = "server%d" % number
            control = "10.77.0.%d" % number
            namespace = network.add_node(name, control=control + "/24",
                                         dhcp="10.78.0.%d/16" % number)
            self.servers.append(KINDS[kind](name, namespace, control, admin, folder))
        self.primary, self.standby = self.servers

    def relationship(self, **changes):
        chosen = {name.replace("_", "-"): value for name, value in changes.items()}
        parameters = {**self.parameters, **chosen}
        roles = ("primary", "standby" if parameters["mode"] == "hot-standby" else "secondary")
        parameters["peers"] = [
            {"name": server.name, "url": "http://%s:%d/" % (server.control, PORT), "role": role,
             "auto-failover": True} for server, role in zip(self.servers, roles)]
        return parameters

    def start(self, order=(0, 1), lifetime=4000, **changes):
        """Start both and wait for normal operation."""
        for index in order:
            self.servers[index].start(self.relationship(**changes), lifetime)
        self.wait_for_normal()

    def states(self):
        return tuple(server.admin.state() for server in self.servers)

    def wait_for_states(self, primary, standby, timeout=30):
        """None: whatever its state."""
        wanted = (primary, standby)
        seen = []

        def reached():
            states = self.states()
            if not seen or seen[-1] != states:
                seen.append(states)
            return all(w is None or w == s for w, s in zip(wanted, states))
        try:
            wait_until(reached, timeout, "states %s, %s" % wanted)
        except AssertionError as error:
            raise AssertionError("%s; seen: %s" % (error, seen)) from None

    def wait_for_normal(self, timeout=30):
        self.wait_for_states("hot-standby", "hot-standby", timeout)

    def scopes(self):
        return [server.scopes() for server in self.servers]

    def check_equal(self):
        """Both have the same leases, field by field; they are returned by address."""
        ours, theirs = (server.admin.leases() for server in self.servers)
        differing = [(ours.get(address), theirs.get(address))
                     for address in sorted(set(ours) | set(theirs))
                     if ours.get(address) != theirs.get(address)]
        assert not differing, "%d of %d leases differ, such as %s" % (
            len(differing), len(set(ours) | set(theirs)), differing[:3])
        return ours

    def stop(self):
        """What still runs must end by itself when asked to, without an error."""
        for server in self.servers:
            assert server.has_ended() or server.stop(), "%s did not end well" % server.name

    def end(self):
        for server in self.servers:
            with contextlib.suppress(ProcessLookupError):
                server.end()


def settle(seconds):
    """For what must NOT happen: time in which it could."""
    time.sleep(seconds)
