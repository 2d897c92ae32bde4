# SPDX-License-Identifier: MPL-2.0
"""The two kinds of DHCP server, each started with the same high-availability parameters."""
import ctypes
import glob
import ipaddress
import json
import os
import shutil
import signal
import sqlite3
import subprocess

from commands import Admin, wait_until

SUBNET = "10.78.0.0/16"
POOLS = {
    "hot-standby": [{"pool": "10.78.16.0 - 10.78.255.250"}],
    "load-balancing": [{"pool": "10.78.16.0 - 10.78.31.255", "client-class": "HA_server1"},
                       {"pool": "10.78.32.0 - 10.78.47.255", "client-class": "HA_server2"}],
}
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

    def preload(self, leases):
        """Leases that are there when it starts."""
        raise NotImplementedError

    def lease_database(self):
        raise NotImplementedError

    def command_line(self):
        raise NotImplementedError

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
        """Hang it; no thread of it does anything more when this returns."""
        self.process.send_signal(signal.SIGSTOP)
        wait_until(self._is_frozen, 5, self.name + " is stopped")

    def _is_frozen(self):
        states = []
        for path in glob.glob("/proc/%d/task/*/stat" % self.process.pid):
            with open(path, encoding="utf-8") as stat:
                states.append(stat.read().rpartition(")")[2].split()[0])
        return all(state == "T" for state in states)

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

    def make_config(self, relationship, lifetime):
        """The same for both kinds, but for the lease database."""
        hooks = "/usr/lib/*/kea/hooks/libdhcp_%s.so"

        def hook(name, **more):
            return {"library": glob.glob(hooks % name)[0], **more}
        parameters = dict(relationship)
        parameters["this-server-name"] = self.name
        parameters["multi-threading"] = {
            "enable-multi-threading": True, "http-dedicated-listener": True,
            "http-listener-threads": 2, "http-client-threads": 2}
        return {"Dhcp4": {
            "interfaces-config": {"interfaces": ["dhcp"]},
            "lease-database": self.lease_database(),
            "multi-threading": {"enable-multi-threading": True, "thread-pool-size": 2,
                                "packet-queue-size": 64},
            "expired-leases-processing": {"reclaim-timer-wait-time": 3600,
                                          "flush-reclaimed-timer-wait-time": 3600},
            "valid-lifetime": lifetime,
            "subnet4": [{"id": 1, "subnet": SUBNET, "pools": POOLS[relationship["mode"]]}],
            "hooks-libraries": [
                hook("lease_cmds"),
                hook("ha", parameters={"high-availability": [parameters]})],
            "loggers": [{"name": "kea-dhcp4", "severity": "INFO",
                         "output_options": [{"output": "stdout", "flush": True}]}]}}


class KeaServer(Server):
    """The real Kea with the lease commands and HA hooks, everything in our own folder."""

    kind = "kea"

    def __init__(self, *arguments):
        super().__init__(*arguments)
        # A copy: the AppArmor profile of the distribution names the program by its path and would
        # keep it out of our folder.
        self.program = self.path("kea-dhcp4")
        shutil.copy2("/usr/sbin/kea-dhcp4", self.program)

    def command_line(self):
        return [self.program, "-c", self.path("config.json")]

    def preload(self, leases):
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

    def lease_database(self):
        return {"type": "memfile", "persist": True, "lfc-interval": 0,
                "name": self.path("leases.csv")}


class OurServer(Server):
    """The example server of this project."""

    kind = "ours"
    program = None  # set by the runner

    def command_line(self):
        return [self.program, "-4", "-c", self.path("config.json")]

    def lease_database(self):
        return {"type": "sqlite", "name": self.path("leases.sqlite")}

    def preload(self, leases):
        database = sqlite3.connect(self.path("leases.sqlite"))
        with database:
            database.execute(
                "CREATE TABLE IF NOT EXISTS lease4 (address INTEGER PRIMARY KEY,"
                " subnet_id INTEGER NOT NULL, pool_id INTEGER NOT NULL, state INTEGER NOT NULL,"
                " valid_lft INTEGER NOT NULL, cltt INTEGER NOT NULL, fqdn_fwd INTEGER NOT NULL,"
                " fqdn_rev INTEGER NOT NULL, hw_address BLOB, client_id BLOB, hostname BLOB,"
                " user_context BLOB)")
            database.executemany(
                "INSERT INTO lease4 VALUES (?, ?, 0, ?, ?, ?, ?, ?, ?, ?, ?, NULL)",
                ((int(ipaddress.ip_address(lease["ip-address"])), lease["subnet-id"],
                  lease["state"], lease["valid-lft"], lease["cltt"], lease["fqdn-fwd"],
                  lease["fqdn-rev"], _bytes(lease["hw-address"]), _bytes(lease["client-id"]),
                  lease["hostname"].encode() or None) for lease in leases))
        database.close()


def _bytes(text):
    return bytes.fromhex(text.replace(":", "")) or None


KINDS = {"kea": KeaServer, "ours": OurServer}
