# SPDX-License-Identifier: MPL-2.0
"""The two kinds of DHCP server, each started with the same high-availability parameters."""
import contextlib
import ctypes
import glob
import json
import os
import shutil
import signal
import subprocess
import time

from commands import PORT, Admin, wait_until

SUBNET = "10.78.0.0/16"
POOL = "10.78.16.0 - 10.78.255.250"
PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None)


def die_with_parent():
    """For a child: a killed test leaves no server behind."""
    _libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def spawn(namespace, words, **options):
    """Start a program in a namespace; its process is the direct child."""
    return subprocess.Popen(["ip", "netns", "exec", namespace, *words],
                            stdin=subprocess.DEVNULL, preexec_fn=die_with_parent, **options)


class Server:
    """One DHCP server: its folder, its process, its log."""

    kind = None
    pool = POOL

    def __init__(self, name, namespace, control, admin_namespace, folder):
        self.name = name
        self.namespace = namespace
        self.control = control
        self.admin = Admin(admin_namespace, control)
        self.folder = os.path.join(folder, name)
        os.makedirs(self.folder, exist_ok=True)
        self.log = os.path.join(self.folder, "log")
        self.process = None

    def path(self, *names):
        return os.path.join(self.folder, *names)

    def start(self, relationship, lifetime=4000):
        """Start and wait until the listener answers."""
        with open(self.path("config.json"), "w", encoding="utf-8") as config:
            json.dump(self.make_config(relationship, lifetime), config, indent=2)
        self.begin_run()
        wait_until(lambda: self.has_ended() or self.admin.state(), 20, self.name + " is up")
        assert not self.has_ended(), "%s did not start" % self.name

    def begin_run(self):
        """Start again with the files that are there."""
        with open(self.log, "ab") as log:
            log.write(b"--- start\n")
            log.flush()
            self.process = spawn(self.namespace, self.command_line(), stdout=log, stderr=log,
                                 env=self.environment(), cwd=self.folder)

    def has_ended(self):
        return self.process is None or self.process.poll() is not None

    def kill(self):
        """End it without warning, as a power cut does to a process."""
        self.process.kill()
        self.process.wait()

    def stop(self):
        """Ask it to end; true when it did so by itself with status 0."""
        if self.has_ended():
            return False
        self.process.terminate()
        try:
            return self.process.wait(10) == 0
        except subprocess.TimeoutExpired:
            self.kill()
            return False

    def freeze(self):
        self.process.send_signal(signal.SIGSTOP)

    def thaw(self):
        self.process.send_signal(signal.SIGCONT)

    def end(self):
        if not self.has_ended():
            self.kill()

    def scopes(self):
        """What it serves now."""
        return self.admin.ask("ha-heartbeat")["scopes"]

    def last_log_lines(self, count=25):
        """Without the heartbeats, most of which are our own."""
        with open(self.log, errors="replace", encoding="utf-8") as log:
            return [line for line in log.read().splitlines() if "ha-heartbeat" not in line][-count:]

    def environment(self):
        return dict(os.environ)


class KeaServer(Server):
    """The real Kea with the lease commands and HA hooks, everything in our own folder."""

    kind = "kea"
    hooks = "/usr/lib/*/kea/hooks/libdhcp_%s.so"

    def __init__(self, *arguments):
        super().__init__(*arguments)
        # A copy: the AppArmor profile of the distribution names the program by its path and would
        # keep it out of our folder.
        self.program = self.path("kea-dhcp4")
        shutil.copy2("/usr/sbin/kea-dhcp4", self.program)

    def command_line(self):
        return [self.program, "-c", self.path("config.json")]

    def preload(self, leases):
        """Leases that are there when it starts."""
        with open(self.path("leases.csv"), "w", encoding="utf-8") as out:
            out.write("address,hwaddr,client_id,valid_lifetime,expire,subnet_id,fqdn_fwd,fqdn_rev,"
                      "hostname,state,user_context\n")
            for lease in leases:
                out.write("%s,%s,%s,%d,%d,%d,%d,%d,%s,%d,\n" % (
                    lease["ip-address"], lease["hw-address"], lease["client-id"],
                    lease["valid-lft"], lease["cltt"] + lease["valid-lft"], lease["subnet-id"],
                    lease["fqdn-fwd"], lease["fqdn-rev"], lease["hostname"], lease["state"]))

    def environment(self):
        return dict(os.environ, KEA_PIDFILE_DIR=self.folder, KEA_LOCKFILE_DIR=self.folder)

    def make_config(self, relationship, lifetime):
        def hook(name, **more):
            return {"library": glob.glob(self.hooks % name)[0], **more}
        parameters = dict(relationship)
        parameters["this-server-name"] = self.name
        parameters["multi-threading"] = {
            "enable-multi-threading": True, "http-dedicated-listener": True,
            "http-listener-threads": 2, "http-client-threads": 2}
        return {"Dhcp4": {
            "interfaces-config": {"interfaces": ["dhcp"]},
            "lease-database": {"type": "memfile", "persist": True, "lfc-interval": 0,
                               "name": self.path("leases.csv")},
            "multi-threading": {"enable-multi-threading": True, "thread-pool-size": 2,
                                "packet-queue-size": 64},
            "expired-leases-processing": {"reclaim-timer-wait-time": 3600,
                                          "flush-reclaimed-timer-wait-time": 3600},
            "valid-lifetime": lifetime,
            "subnet4": [{"id": 1, "subnet": SUBNET, "pools": [{"pool": self.pool}]}],
            "hooks-libraries": [
                hook("lease_cmds"),
                hook("ha", parameters={"high-availability": [parameters]})],
            "loggers": [{"name": "kea-dhcp4", "severity": "INFO",
                         "output_options": [{"output": "stdout", "flush": True}]}]}}


class OurServer(Server):
    """The example server of this project."""

    kind = "ours"
    program = None  # set by the runner

    def command_line(self):
        return [self.program, "-4", "-c", self.path("config.json")]

    def make_config(self, relationship, lifetime):
        return {"Dhcp4": {
            "interfaces-config": {"interfaces": ["dhcp"]},
            "lease-database": {"type": "sqlite3", "name": self.path("leases.sqlite")},
            "valid-lifetime": lifetime,
            "subnet4": [{"id": 1, "subnet": SUBNET, "pools": [{"pool": self.pool}]}],
            "hooks-libraries": [{"library": "libdhcpha", "parameters": {
                "high-availability": [dict(relationship, **{"this-server-name": self.name})]}}]}}


KINDS = {"kea": KeaServer, "ours": OurServer}


class Pair:
    """Primary "server1" and standby "server2", an administrator, and nodes for clients."""

    parameters = {"mode": "hot-standby", "heartbeat-delay": 500, "max-response-delay": 3000,
                  "max-ack-delay": 1000, "max-unacked-clients": 0}

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
