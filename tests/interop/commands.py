# SPDX-License-Identifier: MPL-2.0
"""Commands to a server: JSON over HTTP, sent from the administrator's namespace."""
import base64
import contextlib
import json
import os
import socket
import ssl
import time

import netns

PORT = 8005


class CommandError(Exception):
    """No answer, or none that can be read."""


def exchange(namespace, address, request, timeout=10.0, port=PORT, context=None):
    """Send raw bytes, return all that comes until the peer closes or the answer is complete.

    Over TLS with an ssl.SSLContext."""
    with netns.inside(namespace):
        plain = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    with contextlib.ExitStack() as stack:
        stack.enter_context(plain)
        plain.settimeout(timeout)
        plain.connect((address, port))
        connection = stack.enter_context(context.wrap_socket(plain)) if context else plain
        connection.sendall(request)
        received = b""
        while True:
            piece = connection.recv(65536)
            received += piece
            if not piece or _is_complete(received):
                return received


def _is_complete(received):
    head, separator, body = received.partition(b"\r\n\r\n")
    if not separator:
        return False
    for line in head.split(b"\r\n")[1:]:
        name, _, value = line.partition(b":")
        if name.strip().lower() == b"content-length":
            return len(body) >= int(value)
    return False


def post(body, extra_headers=""):
    """The bytes of a request as Kea writes it (P1 4.1)."""
    if isinstance(body, str):
        body = body.encode()
    head = ("POST / HTTP/1.1\r\nHost: server\r\nContent-Length: %d\r\n"
            "Content-Type: application/json\r\n%s\r\n" % (len(body), extra_headers))
    return head.encode() + body


def tls_context(folder, name=None):
    """As Kea checks: the chain alone, not the name; with the certificate of a name."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.load_verify_locations(os.path.join(folder, "ca.crt"))
    if name:
        context.load_cert_chain(os.path.join(folder, name + ".crt"),
                                os.path.join(folder, name + ".key"))
    return context


class Admin:
    """Speaks to one server."""

    context = None  # of TLS
    credentials = None  # "user:password"

    def __init__(self, namespace, address, family):
        self.namespace = namespace
        self.address = address
        self.family = family

    def send_raw(self, command, arguments=None, timeout=10.0):
        """The bytes of the HTTP response to a command."""
        message = {"command": command, "service": [self.family.service]}
        if arguments is not None:
            message["arguments"] = arguments
        header = ""
        if self.credentials:
            encoded = base64.b64encode(self.credentials.encode()).decode()
            header = "Authorization: Basic %s\r\n" % encoded
        return exchange(self.namespace, self.address, post(json.dumps(message), header), timeout,
                        context=self.context)

    def send(self, command, arguments=None, timeout=10.0):
        """The answer map of a command, whatever its result."""
        try:
            received = self.send_raw(command, arguments, timeout)
            body = received.partition(b"\r\n\r\n")[2]
            answer = json.loads(body)
        except (OSError, ValueError) as error:
            raise CommandError("%s to %s: %s" % (command, self.address, error)) from error
        if not isinstance(answer, list) or not answer:
            raise CommandError("%s to %s: %r" % (command, self.address, answer))
        return answer[0]

    def ask(self, command, arguments=None, results=(0,), timeout=10.0):
        """The arguments of the answer, whose result must be one of those named."""
        answer = self.send(command, arguments, timeout)
        if answer.get("result") not in results:
            raise CommandError("%s to %s: %s" % (command, self.address, answer))
        return answer.get("arguments", {})

    def state(self):
        """The HA state as ha-heartbeat tells it; None when the server does not answer."""
        try:
            return self.ask("ha-heartbeat", timeout=3.0)["state"]
        except CommandError:
            return None

    def leases(self):
        """All leases by their keys, which are the addresses in DHCPv4."""
        found = self.ask(self.family.command("lease-get-all"), results=(0, 3), timeout=60.0)
        return {self.family.key(lease): lease for lease in found.get("leases", [])}

    def lease(self, key):
        """One lease, or None."""
        found = self.send(self.family.command("lease-get"), self.family.lease_arguments(key))
        if found.get("result") == 3:
            return None
        if found.get("result") != 0:
            raise CommandError("lease-get %s: %s" % (key, found))
        return found["arguments"]

    def delete_lease(self, key):
        """Behind the back of High Availability."""
        self.ask(self.family.command("lease-del"), self.family.lease_arguments(key))


def wait_until(condition, timeout, what):
    """Poll until the condition holds; its last value is returned, or the time runs out."""
    deadline = time.monotonic() + timeout
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > deadline:
            raise AssertionError("not within %g s: %s" % (timeout, what))
        time.sleep(0.1)
