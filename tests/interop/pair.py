# SPDX-License-Identifier: MPL-2.0
"""Two servers, an administrator and room for clients."""
import contextlib
import os
import subprocess
import time

from commands import PORT, tls_context, wait_until
from families import FAMILIES
from servers import KINDS


CERTIFICATES = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))),
                            "support", "certificates.sh")
# The state of each server in normal operation, by mode, and what each serves then.
NORMAL = {"hot-standby": ("hot-standby", "hot-standby"),
          "load-balancing": ("load-balancing", "load-balancing"),
          "passive-backup": ("passive-backup", "backup")}
SCOPES = {"hot-standby": [["server1"], []],
          "load-balancing": [["server1"], ["server2"]],
          "passive-backup": [["server1"], []]}
SECOND_ROLE = {"hot-standby": "standby", "load-balancing": "secondary",
               "passive-backup": "backup"}


class Pair:
    """Primary "server1" and standby, secondary or backup "server2", perhaps with one more backup
    "server3"; an administrator, and nodes for clients."""

    parameters = {"heartbeat-delay": 500, "max-response-delay": 3000, "max-ack-delay": 1000,
                  "max-unacked-clients": 0, "restrict-commands": False}

    def __init__(self, network, folder, kinds, mode="hot-standby", family=4):
        self.network = network
        self.folder = folder
        self.kinds = tuple(kinds)
        self.mode = mode
        self.family = FAMILIES[family]
        admin = network.add_node("admin", control="10.77.0.100/24")
        self.clients = [network.add_node("client%d" % n, dhcp=self.family.client_address(n))
                        for n in (1, 2)]
        self.servers = []
        for number, kind in enumerate(self.kinds, 1):
            control = "10.77.0.%d" % number
            namespace = network.add_node("server%d" % number, control=control + "/24",
                                         dhcp=self.family.server_address(number))
            self.servers.append(KINDS[kind](number, namespace, control, admin, folder, self.family))
        self.primary, self.standby = self.servers[:2]
        self.certificates = None  # their folder, when TLS is spoken
        self.authenticates = False

    def relationship(self, **changes):
        chosen = {name.replace("_", "-"): value for name, value in changes.items()}
        parameters = {"mode": self.mode, **self.parameters, **chosen}
        self.mode = parameters["mode"]
        roles = ("primary", SECOND_ROLE[self.mode], "backup")
        parameters["peers"] = [self._peer(*row) for row in zip(self.servers, roles)]
        if self.certificates:
            parameters["trust-anchor"] = os.path.join(self.certificates, "ca.crt")
        return parameters

    def _peer(self, server, role):
        scheme = "https" if self.certificates else "http"
        peer = {"name": server.name, "url": "%s://%s:%d/" % (scheme, server.control, PORT),
                "role": role, "auto-failover": True}
        if self.authenticates:
            peer["basic-auth-user"], peer["basic-auth-password"] = self._credentials(server)
        return peer

    @staticmethod
    def _credentials(server):
        return "user of " + server.name, "secret: " + server.name

    def authenticate(self):
        """From the next start on, each server asks for a name and a password of its own."""
        self.authenticates = True
        for server in self.servers:
            server.admin.credentials = ":".join(self._credentials(server))

    def secure(self):
        """From the next start on, with TLS, each with a certificate of its own."""
        self.certificates = os.path.join(self.folder, "certificates")
        names = [server.name for server in self.servers] + ["admin"]
        done = subprocess.run(["sh", CERTIFICATES, self.certificates, *names],
                              capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        for server in self.servers:
            server.admin.context = tls_context(self.certificates, "admin")

    def start(self, lifetime=4000, **changes):
        """Start all and wait for normal operation."""
        for server in self.servers:
            server.start(self.relationship(**changes), lifetime)
        self.wait_for_normal()

    def states(self):
        return tuple(server.admin.state() for server in self.servers)

    def wait_for_states(self, *wanted, timeout=30):
        """None: whatever its state."""
        seen = []

        def reached():
            states = self.states()
            if not seen or seen[-1] != states:
                seen.append(states)
            return all(w is None or w == s for w, s in zip(wanted, states))
        try:
            wait_until(reached, timeout, "states " + ", ".join(map(str, wanted)))
        except AssertionError as error:
            raise AssertionError("%s; seen: %s" % (error, seen)) from None

    def wait_for_normal(self, timeout=30):
        backups = ("backup",) * (len(self.servers) - 2)
        self.wait_for_states(*NORMAL[self.mode], *backups, timeout=timeout)

    def scopes(self):
        return [server.scopes() for server in self.servers]

    def normal_scopes(self):
        return SCOPES[self.mode] + [[]] * (len(self.servers) - 2)

    @staticmethod
    def differences(servers):
        """Leases of the first, and what the others have different: name, key, lease there, here."""
        first = servers[0].admin.leases()
        found = []
        for server in servers[1:]:
            other = server.admin.leases()
            found += [(server.name, key, first.get(key), other.get(key))
                      for key in sorted(set(first) | set(other))
                      if first.get(key) != other.get(key)]
        return first, found

    def check_equal(self):
        """All have the same leases, field by field; they are returned by address."""
        leases, differing = self.differences(self.servers)
        assert not differing, "%d leases differ, with %d at server1, such as %s" % (
            len(differing), len(leases), differing[:3])
        return leases

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
