# libdhcpha - DHCP High Availability as a library
# SPDX-License-Identifier: MPL-2.0
"""The highest rate of four-way exchanges of which less than 1 % are lost, found with perfdhcp."""
import re
import shutil
import subprocess

from pairs import CLIENT, SERVER, FastPair, Unavailable
from servers import spawn

LOSS_MAX = 0.01
CLIENTS = 4000000


def perfdhcp():
    program = shutil.which("perfdhcp") or shutil.which("perfdhcp", path="/usr/sbin")
    if program is None:
        raise Unavailable("needs perfdhcp (Debian package kea-admin)")
    return program


def parse(text, seconds):
    """Exchanges started per second, and the part of them that did not finish."""
    sent = [int(n) for n in re.findall(r"^sent packets: (\d+)", text, re.M)]
    received = [int(n) for n in re.findall(r"^received packets: (\d+)", text, re.M)]
    if len(sent) < 2 or len(received) < 2 or sent[0] == 0:
        raise Unavailable("perfdhcp said: " + text[-200:])
    return sent[0] / seconds, 1 - received[1] / sent[0]


def measure(pair, rate, seconds):
    """With DHCPv4 perfdhcp stands for a relay: the answers come back to its address.  With DHCPv6 it
    multicasts as clients do.

    It goes before the servers, so that what it is too late to receive is not taken for lost.
    """
    source, target = (CLIENT, SERVER % 1) if pair.family.number == 4 else ("dhcp", "all")
    words = ["nice", "-n", "-15", perfdhcp(), "-%d" % pair.family.number, "-l", source,
             "-r", str(rate), "-R", str(CLIENTS), "-p", str(seconds), "-W", "1000000", target]
    child = spawn(pair.client, words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    try:
        text, _ = child.communicate(timeout=seconds + 30)
    except subprocess.TimeoutExpired as error:
        child.kill()
        child.wait()
        raise Unavailable("perfdhcp does not end") from error
    return parse(text, seconds)


def holds(pair, rate, seconds, progress):
    """One bad second of the machine is forgiven: a rate is too high when it fails twice."""
    for _ in range(2):
        reached, loss = measure(pair, rate, seconds)
        progress("rate %d: %.0f a second, %.2f %% lost" % (rate, reached, loss * 100))
        if loss < LOSS_MAX and reached > rate * 0.95:
            return True
    return False


def find_highest_rate(kind, first, seconds=10, progress=lambda text: None, family=4):
    """Doubles until too much is lost, then closes in to 5 %."""
    perfdhcp()
    with FastPair(kind, family) as pair:
        pair.start()
        good, bad, rate = 0, None, first
        while bad is None or bad - good > good / 20 + 1:
            if holds(pair, rate, seconds, progress):
                good = rate
            else:
                bad = rate
            rate = rate * 2 if bad is None else (good + bad) // 2
    return good
