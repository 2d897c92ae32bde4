#!/usr/bin/python3
# SPDX-License-Identifier: MPL-2.0
"""Runs the tests with real servers, each test in namespaces and a process of its own.

  run.py [--dhcpd PROGRAM] [--pairs kea+kea,...] [--jobs N] [--list] [NAME...]

NAME is a part of a test's name.  Needs root.  Four run at a time, as they mostly wait.  The last
line is "N passed, N failed".
"""
import argparse
import glob
import importlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import traceback
import types

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
import netns  # noqa: E402
import servers  # noqa: E402
from pair import Pair  # noqa: E402

PAIRS = ("ours+kea", "kea+ours", "ours+ours")
SECONDS_MAX = 240  # of one test


def collect():
    """Tests by name: the functions of the test_*.py files that take a pair."""
    found = {}
    for path in sorted(glob.glob(os.path.join(HERE, "test_*.py"))):
        module = importlib.import_module(os.path.basename(path)[:-3])
        for name, thing in vars(module).items():
            if isinstance(thing, types.FunctionType) and thing.__module__ == module.__name__ \
                    and not name.startswith("_"):
                found[name] = thing
    return found


def run_one(name, kinds):
    """In a process of its own: one test with one pair."""
    def leave(*_):
        raise SystemExit("ended by a signal")
    signal.signal(signal.SIGTERM, leave)
    os.environ["LC_ALL"] = "C"
    folder = netns.make_folder()
    network, pair = None, None
    failed = True
    try:
        network = netns.Network()
        function = collect()[name]
        kinds = kinds.split("+")
        if hasattr(function, "backup"):  # a third server, of the second's kind
            kinds.append(kinds[1])
        pair = Pair(network, folder, kinds, **getattr(function, "pair", {}))
        function(pair)
        pair.stop()
        failed = False
    except BaseException:  # pylint: disable=broad-except
        traceback.print_exc()
        for server in pair.servers if pair else ():
            if os.path.exists(server.log):
                print("--- %s (%s), states %s, log ends with:" % (
                    server.name, server.kind, server.has_ended() and "ended" or
                    server.admin.state()))
                print("\n".join(server.last_log_lines()))
    finally:
        if pair:
            pair.end()
        if network:
            network.close()
        if failed and os.environ.get("DHCPHA_KEEP"):
            print("kept: " + folder)
        else:
            shutil.rmtree(folder, ignore_errors=True)
    return 1 if failed else 0


class Job:
    """One test under way."""

    def __init__(self, name, kinds, arguments):
        self.name, self.kinds = name, kinds
        self.begin = time.monotonic()
        self.is_asked_to_end = False
        self.output = tempfile.TemporaryFile()
        self.process = subprocess.Popen(
            [sys.executable, os.path.abspath(__file__), *arguments, "--one", name, kinds],
            stdin=subprocess.DEVNULL, stdout=self.output, stderr=subprocess.STDOUT,
            preexec_fn=servers.die_with_parent)

    def is_over(self):
        if self.process.poll() is not None:
            return True
        overtime = time.monotonic() - self.begin - SECONDS_MAX
        if overtime > 10:
            self.process.kill()
        elif overtime > 0 and not self.is_asked_to_end:
            self.is_asked_to_end = True
            self.process.terminate()
        return False

    def report(self):
        """Say how it went; true when well."""
        netns.remove_leftovers()
        good = self.process.returncode == 0
        print("%s  %5.1f s  %s  %s" % ("ok    " if good else "FAILED", time.monotonic() -
                                       self.begin, self.kinds, self.name.replace("_", " ")))
        if not good:
            print("    " + self.text().replace("\n", "\n    "))
        sys.stdout.flush()
        return good

    def text(self):
        """What it has printed."""
        self.output.seek(0)
        return self.output.read().decode(errors="replace")

    def end(self):
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        netns.remove_leftovers()


def run_all(wanted, jobs_max, arguments, note=lambda job: None):
    """Run (name, kinds) some at a time; note() is told of each that is over."""
    waiting, running, good, bad = list(wanted), [], 0, 0
    try:
        while waiting or running:
            while waiting and len(running) < jobs_max:
                running.append(Job(*waiting.pop(0), arguments))
            for job in [job for job in running if job.is_over()]:
                running.remove(job)
                note(job)
                if job.report():
                    good += 1
                else:
                    bad += 1
            time.sleep(0.05)
    finally:
        for job in running:
            job.end()
    print("%d passed, %d failed" % (good, bad))
    return 1 if bad or not good else 0


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--dhcpd")
    parser.add_argument("--pairs", default=",".join(PAIRS))
    parser.add_argument("--jobs", type=int, default=4)
    parser.add_argument("--list", action="store_true")
    parser.add_argument("--one", nargs=2)
    parser.add_argument("names", nargs="*")
    options = parser.parse_args()
    if options.dhcpd:
        servers.OurServer.program = os.path.abspath(options.dhcpd)
    if options.one:
        return run_one(*options.one)
    pairs = options.pairs.split(",")
    # The long ones first, so that both processors end at about the same time.
    wanted = [(name, kinds)
              for name, function in sorted(collect().items(),
                                           key=lambda item: -getattr(item[1], "seconds", 10))
              if not options.names or any(part in name for part in options.names)
              for kinds in pairs if kinds in getattr(function, "pairs", pairs)]
    if options.list:
        print("\n".join("%s  %s" % (kinds, name) for name, kinds in wanted))
        return 0
    if os.getuid() != 0:
        raise SystemExit("run.py: needs root for the network namespaces")
    if any("ours" in kinds for _, kinds in wanted) and not options.dhcpd:
        raise SystemExit("run.py: --dhcpd is missing")

    def leave(*_):
        raise SystemExit(2)
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, leave)
    netns.remove_leftovers()
    arguments = ["--dhcpd", options.dhcpd] if options.dhcpd else []
    return run_all(wanted, options.jobs, arguments)


if __name__ == "__main__":
    sys.exit(main())
