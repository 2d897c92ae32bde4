# SPDX-License-Identifier: MPL-2.0
"""The kinds of DHCP server, each started with the same high-availability parameters."""
import ctypes
import glob
import ipaddress
import json
import os
import re
import shutil
import signal
import sqlite3
import subprocess

from commands import Admin, wait_until

PR_SET_PDEATHSIG = 1
# Of a log: what is worth showing after a failure, and what of that is not.
TELLING = re.compile(r" (WARN|WARNING|ERROR|FATAL) |HA_|ha-|--- start|==| INFO \w+ server\d:")
TEDIOUS = re.compile("'ha-heartbeat'|_LEASE_UPDATE_|INTERRUPTED_CLIENT| update_failed ")
_libc = ctypes.CDLL(None)


def die_with_parent():
    """For a child: a killed test leaves no server behind."""
    _libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def spawn(namespace, words, **options):
    """Start a program in a namespace; its process is the direct child."""
    return subprocess.Popen(["ip", "netns", "exec", namespace, *words],
                            stdin=subprocess.DEVNULL, preexec_fn=die_with_parent, **options)


def _output_of(words):
    return subprocess.run(words, capture_output=True, text=True, check=True).stdout.strip()


class Server:
    """One DHCP server: its folder, its process, its log."""

    kind = None

    def __init__(self, number, namespace, control, admin_namespace, folder, family):
        self.number = number
        self.name = "server%d" % number
        self.namespace = namespace
        self.control = control
        self.family = family
        self.admin = Admin(admin_namespace, control, family)
        self.folder = os.path.join(folder, self.name)
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

    def last_log_lines(self, count=40):
        """Of High Availability, and what went wrong."""
        with open(self.log, errors="replace", encoding="utf-8") as log:
            return [line[:300] for line in log.read().splitlines()
                    if TELLING.search(line) and not TEDIOUS.search(line)][-count:]

    def environment(self):
        return dict(os.environ)

    def make_config(self, relationship, lifetime):
        """The same for all kinds, but for the lease database."""
        parameters = dict(relationship)
        parameters["this-server-name"] = self.name
        if "trust-anchor" in parameters:
            folder = os.path.dirname(parameters["trust-anchor"])
            parameters["cert-file"] = os.path.join(folder, self.name + ".crt")
            parameters["key-file"] = os.path.join(folder, self.name + ".key")
        parameters["multi-threading"] = {
            "enable-multi-threading": True, "http-dedicated-listener": True,
            "http-listener-threads": 2, "http-client-threads": 2}
        family = self.family
        return {family.root: {
            "interfaces-config": {"interfaces": ["dhcp"]},
            "lease-database": self.lease_database(),
            "multi-threading": {"enable-multi-threading": True, "thread-pool-size": 2,
                                "packet-queue-size": 64},
            "expired-leases-processing": {"reclaim-timer-wait-time": 3600,
                                          "flush-reclaimed-timer-wait-time": 3600},
            **family.server_parameters(self.number, lifetime),
            "subnet%d" % family.number: [family.make_subnet(relationship["mode"])],
            "hooks-libraries": [
                {"library": self.hook("lease_cmds")},
                {"library": self.hook("ha"), "parameters": {"high-availability": [parameters]}}],
            "loggers": [{"name": "kea-dhcp%d" % family.number, "severity": "INFO",
                         "output_options": [{"output": "stdout", "flush": True}]}]}}

    def hook(self, name):
        """The path of a hook library of Kea; ours goes by the name."""
        return "/usr/lib/kea/hooks/libdhcp_%s.so" % name


class KeaServer(Server):
    """The real Kea with the lease commands and HA hooks, everything in our own folder."""

    kind = "kea"
    options = ()

    def __init__(self, *arguments):
        super().__init__(*arguments)
        # A copy: the AppArmor profile of the distribution names the program by its path and would
        # keep it out of our folder.
        name = "kea-dhcp%d" % self.family.number
        self.program = self.path(name)
        shutil.copy2("/usr/sbin/" + name, self.program)

    def command_line(self):
        return [self.program, *self.options, "-c", self.path("config.json")]

    @classmethod
    def version(cls):
        """As the program tells it."""
        return _output_of(["/usr/sbin/kea-dhcp4", "-v"])

    def hook(self, name):
        return glob.glob("/usr/lib/*/kea/hooks/libdhcp_%s.so" % name)[0]

    def preload(self, leases):
        assert self.family.number == 4
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


class LaterKeaServer(KeaServer):
    """A Kea out of a folder with a later Debian suite, run with that suite's own libraries."""

    suite = None
    suites = os.path.join(os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache"),
                          "libdhcpha")

    def __init__(self, *arguments):  # pylint: disable=super-init-not-called
        Server.__init__(self, *arguments)
        self.libraries = self._libraries()

    @classmethod
    def _libraries(cls):
        return os.path.dirname(glob.glob(os.path.join(cls.suites, cls.suite, "usr/lib/*/kea"))[0])

    @classmethod
    def _run(cls, name):
        """A program, by the loader of its suite."""
        root = os.path.join(cls.suites, cls.suite)
        loader = glob.glob(root + "/usr/lib*/ld-linux*.so.*")[0]
        return [loader, "--library-path", cls._libraries(), os.path.join(root, "usr/sbin", name)]

    @classmethod
    def version(cls):
        return _output_of([*cls._run("kea-dhcp4"), "-v"])

    def command_line(self):
        return [*self._run("kea-dhcp%d" % self.family.number), *self.options, "-c",
                self.path("config.json")]

    def hook(self, name):
        return os.path.join(self.libraries, "kea/hooks/libdhcp_%s.so" % name)

    def environment(self):
        """These versions take files from their own folders only, unless told so (or by -X)."""
        return dict(super().environment(), KEA_DHCP_DATA_DIR=self.folder,
                    KEA_LOG_FILE_DIR=self.folder, KEA_CONTROL_SOCKET_DIR=self.folder,
                    KEA_HOOKS_PATH=os.path.join(self.libraries, "kea/hooks"))


class Kea26Server(LaterKeaServer):
    """Kea 2.6, of Debian 13."""

    kind = "kea2.6"
    suite = "trixie"


class Kea30Server(LaterKeaServer):
    """Kea 3.0, of Debian 14; its files are in our folder, not where it wants them."""

    kind = "kea3.0"
    suite = "forky"
    options = ("-X",)


class OurServer(Server):
    """The example server of this project."""

    kind = "ours"
    program = None  # set by the runner

    def command_line(self):
        return [self.program, "-%d" % self.family.number, "-c", self.path("config.json")]

    def lease_database(self):
        return {"type": "sqlite", "name": self.path("leases.sqlite")}

    def preload(self, leases):
        assert self.family.number == 4
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


KINDS = {server.kind: server for server in (KeaServer, Kea26Server, Kea30Server, OurServer)}
