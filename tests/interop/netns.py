# SPDX-License-Identifier: MPL-2.0
"""Network namespaces with a control and a DHCP network between them.

All of it, the bridges too, is in namespaces of its own: the network of the machine is not touched.
The names carry the process id, so that runs do not meet and leftovers of a dead run can be told.
"""
import contextlib
import ctypes
import glob
import os
import re
import shutil
import signal
import subprocess
import tempfile

PREFIX = "dhcpha"
CLONE_NEWNET = 0x40000000
NAMED = re.compile(PREFIX + r"-(\d+)-\w+$")
FOLDER = PREFIX + "-interop-%d-"
_libc = ctypes.CDLL(None, use_errno=True)


def ip(*words):
    """Run ip(8); an error is an exception with its text."""
    done = subprocess.run(["ip", *words], capture_output=True, text=True)
    if done.returncode != 0:
        raise RuntimeError("ip %s: %s" % (" ".join(words), done.stderr.strip()))
    return done.stdout


def _enter(path):
    with open(path, "rb") as namespace:
        if _libc.setns(namespace.fileno(), CLONE_NEWNET) != 0:
            raise OSError(ctypes.get_errno(), "setns " + path)


@contextlib.contextmanager
def inside(name):
    """Sockets opened in this thread meanwhile belong to the namespace, and stay there."""
    with open("/proc/thread-self/ns/net", "rb") as own:
        _enter("/run/netns/" + name)
        try:
            yield
        finally:
            if _libc.setns(own.fileno(), CLONE_NEWNET) != 0:
                os._exit(70)  # a thread lost in a foreign namespace must not go on


def _skip_duplicate_address_detection(name):
    """Link-local addresses are there at once."""
    with inside(name):
        for which in ("all", "default"):
            with open("/proc/sys/net/ipv6/conf/%s/accept_dad" % which, "w",
                      encoding="ascii") as switch:
                switch.write("0")


class Network:
    """Nodes with the interfaces "control" and "dhcp", each plugged into a bridge."""

    def __init__(self):
        self.base = "%s-%d-" % (PREFIX, os.getpid())
        self.switch = self.base + "switch"
        self._namespaces = []
        self._add_namespace(self.switch)
        for bridge in ("control", "dhcp"):
            ip("-n", self.switch, "link", "add", bridge, "type", "bridge")
            ip("-n", self.switch, "link", "set", bridge, "up")

    def _add_namespace(self, name):
        ip("netns", "add", name)
        self._namespaces.append(name)
        ip("-n", name, "link", "set", "lo", "up")

    def add_node(self, node, control=None, dhcp=None):
        """A namespace with an address on each network that is given; returns its name."""
        name = self.base + node
        self._add_namespace(name)
        _skip_duplicate_address_detection(name)
        for interface, address in (("control", control), ("dhcp", dhcp)):
            if address is None:
                continue
            port = "%s-%s" % (interface[0], node)
            ip("-n", self.switch, "link", "add", port, "type", "veth",
               "peer", "name", interface, "netns", name)
            ip("-n", self.switch, "link", "set", port, "master", interface, "up")
            if address:
                more = ("nodad",) if ":" in address else ("broadcast", "+")
                ip("-n", name, "address", "add", address, *more, "dev", interface)
            ip("-n", name, "link", "set", interface, "up")
        return name

    def set_link(self, node, interface, up):
        """Plug the cable of a node into its bridge, or pull it."""
        port = "%s-%s" % (interface[0], node)
        ip("-n", self.switch, "link", "set", port, "up" if up else "down")

    def close(self):
        remove_namespaces(self._namespaces)
        self._namespaces = []


def remove_namespaces(names):
    """End what still runs in them, all of it started by us, and remove them."""
    for name in names:
        for pid in ip("netns", "pids", name).split():
            with contextlib.suppress(ProcessLookupError):
                os.kill(int(pid), signal.SIGKILL)
        ip("netns", "delete", name)


def _is_alive(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return True


def make_folder():
    """A temporary folder that tells whose it is."""
    return tempfile.mkdtemp(prefix=FOLDER % os.getpid())


def remove_leftovers():
    """Remove the namespaces and folders of processes that are gone."""
    for line in ip("netns", "list").splitlines():
        match = NAMED.match(line.split()[0]) if line.split() else None
        if match and not _is_alive(int(match.group(1))):
            with contextlib.suppress(RuntimeError):  # another run has removed it meanwhile
                remove_namespaces([match.group(0)])
    pattern = os.path.join(tempfile.gettempdir(), FOLDER.replace("%d", "*") + "*")
    for folder in glob.glob(pattern):
        owner = os.path.basename(folder).split("-")[2]
        if owner.isdigit() and not _is_alive(int(owner)) and not os.environ.get("DHCPHA_KEEP"):
            shutil.rmtree(folder, ignore_errors=True)
