#!/usr/bin/python3
# SPDX-License-Identifier: MPL-2.0
"""Runs the journeys against each version of Kea, and prints who passed which chapter.

  matrix.py --dhcpd PROGRAM [--versions 2.2,2.6,3.0] [--jobs N] [NAME...]

NAME is a part of a journey's name.  Needs root.  Installs what is missing: packages of this system,
and for 2.6 and 3.0 later Debian suites in $XDG_CACHE_HOME/libdhcpha (about 250 MB each).
"""
import argparse
import os
import re
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
import netns  # noqa: E402
import run  # noqa: E402
import servers  # noqa: E402
import suites  # noqa: E402

VERSIONS = {"2.2": "kea", "2.6": "kea2.6", "3.0": "kea3.0"}
NEEDED = ["iproute2", "udhcpc", "isc-dhcp-client", "kea-dhcp4-server", "kea-dhcp6-server",
          "kea-admin", "openssl", "procps"]
CHAPTER = re.compile(r"chapter  (ok|FAILED) +([0-9.]+) s  (.*)")


def journeys(names):
    """By mode, the journeys whose names contain one of those given."""
    found = {}
    for name, function in run.collect().items():
        if hasattr(function, "backup") and (not names or any(part in name for part in names)):
            found.setdefault(function.pair["mode"], []).append((name, function))
    return found


def columns_of(functions, versions):
    """(journey, kinds, heading) of each run of a mode."""
    for name, function in sorted(functions, key=lambda item: item[1].pair["family"]):
        for version in versions:
            for kinds in ("ours+" + VERSIONS[version], VERSIONS[version] + "+ours"):
                heading = "v%d %s" % (function.pair["family"],
                                      kinds.replace(VERSIONS[version], version))
                yield name, kinds, heading


def print_mode(mode, columns, chapters):
    """A row for each chapter, a column for each run."""
    print("\n%-66s%s" % (mode, "".join("%13s" % heading for _, _, heading in columns)))
    rows = []
    for name, kinds, _ in columns:
        rows += [row for _, _, row in chapters[name, kinds] if row not in rows]
    for row in rows:
        cells = []
        for name, kinds, _ in columns:
            cell = next(("%s %s" % (how, seconds) for how, seconds, found in chapters[name, kinds]
                         if found == row), "-")
            cells.append("%13s" % cell)
        print("%-66s%s" % (row, "".join(cells)))


def prepare(versions):
    suites.install_packages(NEEDED)
    for server in servers.KINDS.values():
        if issubclass(server, servers.LaterKeaServer) and \
                any(VERSIONS[version] == server.kind for version in versions):
            suites.install_suite(server)
    for version in versions:
        print("%s is Kea %s" % (version, servers.KINDS[VERSIONS[version]].version()))


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--dhcpd", required=True)
    parser.add_argument("--versions", default=",".join(VERSIONS))
    parser.add_argument("--jobs", type=int, default=4)
    parser.add_argument("names", nargs="*")
    options = parser.parse_args()
    if os.getuid() != 0:
        os.execvp("sudo", ["sudo", "--preserve-env=XDG_CACHE_HOME,DHCPHA_MIRROR", sys.executable,
                           *sys.argv])
    os.environ["PATH"] += ":/usr/sbin:/sbin"
    versions = options.versions.split(",")
    prepare(versions)
    netns.remove_leftovers()
    modes = {mode: list(columns_of(functions, versions))
             for mode, functions in journeys(options.names).items()}
    wanted = [(name, kinds) for columns in modes.values() for name, kinds, _ in columns]
    chapters = {}

    def note(job):
        chapters[job.name, job.kinds] = CHAPTER.findall(job.text())
    status = run.run_all(wanted, options.jobs, ["--dhcpd", options.dhcpd], note)
    for mode, columns in modes.items():
        print_mode(mode, columns, chapters)
    return status


if __name__ == "__main__":
    sys.exit(main())
