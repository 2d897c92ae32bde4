#!/usr/bin/python3
# libdhcpha - DHCP High Availability as a library
# SPDX-License-Identifier: MPL-2.0
"""Runs the bench: one line for each figure: its name, value and unit, "target", and the target.

  run.py --build FOLDER [GROUP...]     groups: verdict update hub sync dora failover flush size

Where a figure cannot be had here, its value is "-" and the reason ends the line.
"""
import argparse
import os
import shutil
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
import pairs  # noqa: E402
import dora  # noqa: E402

KEA_LEASES = 50000


def tell(text):
    if os.environ.get("BENCH_VERBOSE"):
        print("# " + text, file=sys.stderr, flush=True)


class Bench:
    """Prints figures, and keeps those that others are compared with."""

    def __init__(self, build):
        self.build = build
        self.figures = {}
        self.failed = False

    def path(self, *names):
        return os.path.join(self.build, *names)

    def print(self, name, value, unit, target="-", why=""):
        if value is not None:
            self.figures[name] = value
        text = "-" if value is None else "%.2f" % value if value < 100 else "%.0f" % value
        print(name, text, unit, "target", target, *(["(%s)" % why] if why else []), flush=True)

    def measure(self, name, unit, target, function):
        try:
            self.print(name, function(), unit, target)
        except (pairs.Unavailable, AssertionError) as error:
            self.print(name, None, unit, target, str(error).splitlines()[0])

    def ratio(self, name, ours, keas):
        if ours in self.figures and self.figures.get(keas):
            self.print(name, self.figures[ours] / self.figures[keas], "x")
        else:
            self.print(name, None, "x", why="one of the two is missing")

    def program(self, name, *arguments):
        """A program that prints its own figures."""
        path = self.path("tests", "bench", name)
        if not os.path.exists(path):
            print("# %s is not built" % name)
            return
        done = subprocess.run([path, *arguments], stdout=subprocess.PIPE, text=True, check=False)
        print(done.stdout, end="", flush=True)
        self.failed |= done.returncode != 0
        for line in done.stdout.splitlines():
            figure, value = line.split()[:2]
            self.figures[figure] = float(value)


def verdict(bench):
    bench.program("bench_verdict")


def update(bench):
    bench.program("bench_update")


def hub(bench):
    bench.program("bench_hub")


def sync(bench):
    bench.program("bench_sync")
    bench.measure("kea_sync_leases_per_s", "leases/s", "-",
                  lambda: pairs.measure_sync(pairs.FastKea, KEA_LEASES))
    bench.ratio("sync_ratio", "sync_leases_per_s", "kea_sync_leases_per_s")


def dora_group(bench):
    pairs.FastOurs.program = bench.path("dhcpha-dhcpd")
    bench.measure("dora_ha_per_s", "exchanges/s", "6000",
                  lambda: dora.find_highest_rate(pairs.FastOurs, 2000, progress=tell))
    bench.measure("kea_dora_ha_per_s", "exchanges/s", "-",
                  lambda: dora.find_highest_rate(pairs.FastKea, 500, progress=tell))
    bench.ratio("dora_ratio", "dora_ha_per_s", "kea_dora_ha_per_s")
    bench.measure("sarr6_ha_per_s", "exchanges/s", "5000", lambda: dora.find_highest_rate(
        pairs.FastOurs, 2000, progress=tell, family=6))
    bench.measure("kea_sarr6_ha_per_s", "exchanges/s", "-", lambda: dora.find_highest_rate(
        pairs.FastKea, 500, progress=tell, family=6))
    bench.ratio("sarr6_ratio", "sarr6_ha_per_s", "kea_sarr6_ha_per_s")


def failover(bench):
    bench.program("bench_failover")


def flush(bench):
    bench.program("bench_flush")
    try:
        with pairs.local_kea() as ports:
            bench.program("bench_flush", "kea", *(str(port) for port in ports))
    except pairs.Unavailable as error:
        bench.print("flush_kea_ratio", None, "x", "0.9", str(error))


def size(bench):
    library = os.path.realpath(bench.path(".libs", "libdhcpha.so"))
    with tempfile.TemporaryDirectory(prefix="dhcpha-bench-") as folder:
        copy = shutil.copy(library, folder)
        subprocess.run(["strip", copy], check=True)
        bench.print("library_kb", os.path.getsize(copy) / 1024, "kB", "250")
    needed = subprocess.run(["ldd", library], stdout=subprocess.PIPE, text=True, check=True).stdout
    print("# libdhcpha.so needs:", *(line.split()[0] for line in needed.splitlines()))


GROUPS = {"verdict": verdict, "update": update, "hub": hub, "sync": sync, "dora": dora_group,
          "failover": failover, "flush": flush, "size": size}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--build", default=os.getcwd())
    parser.add_argument("groups", nargs="*", metavar="GROUP")
    arguments = parser.parse_args()
    unknown = set(arguments.groups) - set(GROUPS)
    if unknown:
        parser.error("no such group: %s" % " ".join(sorted(unknown)))
    bench = Bench(arguments.build)
    for name, group in GROUPS.items():
        if not arguments.groups or name in arguments.groups:
            group(bench)
    return 1 if bench.failed else 0


if __name__ == "__main__":
    sys.exit(main())
