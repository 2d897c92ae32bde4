# libdhcpha - DHCP High Availability as a library
# SPDX-License-Identifier: MPL-2.0
"""The demonstration: a pair of servers under load, one of which is killed and comes back."""

import argparse
import encodings.idna  # noqa: F401  wanted later, when this user may not read Python any more
import glob
import os
import pwd
import shutil
import signal
import sys
import tempfile
import threading
import time

import report as reports
from clients import Clients
from kept import keep
from pair import DOWN, TIMERS, Pair, Trouble
from screen import Screen

NORMAL_S, ALONE_S, AGAIN_S = 15.0, 15.0, 15.0  # phases that last as long as we like
DRAIN_S = 8.0
EXPECTED_S = 60.0
SERVICE_USER = "nobody"


class Run:
    """One run: what happened, and the script of events."""

    def __init__(self, pair, options, screen):
        self.pair, self.options, self.screen = pair, options, screen
        self.one, self.two = pair.servers
        self.zero = time.monotonic()
        self.lock = threading.Lock()
        self.history = {server.name: [(0.0, DOWN, False)] for server in pair.servers}
        self.transitions, self.events = [], []
        self.clients = None
        self.clients_from = self.clients_until = self.clients_drained = None
        self.killed_at = None

    def now(self):
        return time.monotonic() - self.zero

    def seen(self, server, state, scopes, utc, why):
        """A server changed; called by the threads that look, and by kill()."""
        with self.lock:
            at, before = self.now(), server.state
            if utc is not None:  # never behind what was seen of it before
                at = max(at - (time.time() - utc), self.history[server.name][-1][0])
            server.state, server.scopes = state, scopes
            self.history[server.name].append((at, state, bool(scopes)))
            if state == before:
                return
            change = {"time": round(at, 3), "server": server.name, "from": before, "to": state}
            self.transitions.append({**change, "why": why})
            self.screen.event(
                at, f"    {server.name}: {before} -> {state}" + (f" ({why})" if why else ""), 2
            )

    def event(self, text):
        at = self.now()
        self.events.append({"time": round(at, 3), "text": text})
        with self.lock:
            self.screen.event(at, text)

    def facts(self):
        if self.clients is None:
            return "no clients yet"
        recent = self.clients.acknowledgements[-1000:]
        since = time.monotonic() - 1.0
        latencies = sorted(one.latency for one in recent if one.at >= since)
        median = f"{reports.quantile(latencies, 0.5) * 1000:6.1f} ms" if latencies else "     -   "
        waiting = len(self.clients.waiting)
        return f"{len(latencies):3d}/s {median} {waiting:3d} waiting"

    def show(self):
        servers = [(one.name, one.state, bool(one.scopes)) for one in self.pair.servers]
        with self.lock:
            self.screen.status(self.now(), EXPECTED_S, servers, self.facts())

    def check(self, server):
        if server.state != DOWN and not server.is_running():
            raise Trouble(f"{server.name} ended by itself:\n{server.last_words()}")

    def wait(self, what, condition, limit):
        """Until CONDITION holds; Trouble after LIMIT seconds."""
        end = self.now() + limit
        while not condition():
            if self.now() > end:
                states = ", ".join(f"{one.name} is {one.state}" for one in self.pair.servers)
                words = "\n".join(f"{one.name}: {one.last_words(4)}" for one in self.pair.servers)
                raise Trouble(f"{what}: not within {limit:.0f} s ({states})\n{words}")
            self.step()

    def step(self):
        for server in self.pair.servers:
            self.check(server)
        if self.clients is not None and self.clients.failure is not None:
            raise Trouble(f"the clients failed: {self.clients.failure!r}")
        self.show()
        time.sleep(0.05)

    def pass_time(self, seconds):
        end = self.now() + seconds
        while self.now() < end:
            self.step()

    def both_normal(self):
        return all(server.state == "hot-standby" for server in self.pair.servers)

    def kill(self, server):
        server.end(signal.SIGKILL)
        self.seen(server, DOWN, [], None, "kill -9")

    def first_answer_of(self, index, since):
        return any(
            one.server == index and one.at - self.zero > since
            for one in self.clients.acknowledgements[-50:]
        )

    def script(self):
        self.event("Both servers are started, with empty lease stores")
        for server in self.pair.servers:
            server.start()
        self.pair.watch(self.seen)
        self.wait("both in hot-standby", self.both_normal, 30)
        self.clients = Clients(
            [server.dhcp for server in self.pair.servers],
            self.options.rate,
            self.options.rate / 5,
        )
        self.clients.start()
        self.clients_from = self.now()
        self.event(
            f"Normal: server1 serves, server2 stands by; {self.options.rate:.0f} new clients "
            f"and {self.options.rate / 5:.0f} renewals a second"
        )
        self.pass_time(NORMAL_S)
        if not self.clients.acknowledgements:
            raise Trouble(f"no client was answered\n{self.one.last_words()}")

        self.kill(self.one)
        self.killed_at = self.now()
        self.event("server1 is killed (kill -9)")
        self.wait("take-over", lambda: self.two.state == "partner-down", 30)
        self.event("server2 has seen clients wait in vain, and takes over")
        self.wait("service by server2", lambda: self.first_answer_of(1, self.killed_at), 10)
        since_kill = self.now() - self.killed_at
        self.event(f"Clients are answered again, {since_kill:.1f} s after the kill")
        self.pass_time(ALONE_S)

        self.event("server1 is started again; server2 serves on")
        returned = self.now()
        self.one.start()
        self.wait("return to normal", self.both_normal, 40)
        self.event(f"Synchronized: back to normal after {self.now() - returned:.1f} s")
        self.pass_time(AGAIN_S)

        self.clients.stop_new()
        self.clients_until = self.now()
        self.event("No new clients; the last ones get their answers")
        end = self.now() + DRAIN_S
        while self.clients.waiting and self.now() < end:
            self.step()
        self.pass_time(1.0)

    def missing_on(self, server):
        """Acknowledged leases that SERVER has not, or not for this client, or in an older state."""
        held = server.leases()
        missing = older = 0
        for client in list(self.clients.bound):
            address = ".".join(map(str, client.address))
            mac, cltt, state = held.get(address, (None, 0, None))
            if mac != client.mac.hex(":") or state != 0:
                missing += 1
            elif cltt < int(client.asked_utc) - 1:
                older += 1
        return missing, older

    def close(self):
        if self.clients is not None:
            self.clients.end()

    def spans(self, name, end):
        """States as (from, to, state) and service as (from, to)."""
        history = self.history[name] + [(end, None, False)]
        states, serving = [], []
        for (start, state, serves), (stop, _, _) in zip(history, history[1:]):
            if states and states[-1][2] == state:
                states[-1][1] = stop
            else:
                states.append([start, stop, state])
            if serves and serving and serving[-1][1] == start:
                serving[-1][1] = stop
            elif serves:
                serving.append([start, stop])
        return states, serving

    def result(self, trouble):
        end = self.now()
        done = self.clients.acknowledgements if self.clients else []
        acknowledgements = [
            {
                "time": one.at - self.zero,
                "latency": one.latency,
                "server": self.pair.names[one.server],
                "renewal": one.renewal,
            }
            for one in done
        ]
        result = {
            "started": reports.now_text(),
            "duration_s": round(end, 1),
            "acknowledged": len(self.clients.bound) if self.clients else 0,
            "renewals": sum(1 for one in done if one.renewal),
            "unanswered": len(self.clients.waiting) if self.clients else 0,
            "trouble": trouble,
            "transitions": self.transitions,
            "events": self.events,
            "acknowledgements": acknowledgements,
        }
        self.compare(result)
        self.measure(result, end)
        spans = {name: self.spans(name, end) for name in self.pair.names}
        result["states"] = {name: spans[name][0] for name in spans}
        result["serving"] = {name: spans[name][1] for name in spans}
        result["settings"] = {
            "mode": "hot-standby",
            "leases": "SQLite, one file for each server",
            "clients": f"{self.options.rate:.0f} new ones and {self.options.rate / 5:.0f} renewals"
            " a second, through a relay that forwards to both servers; they try again after a second",
            **{name: str(value) for name, value in TIMERS.items()},
            "user": pwd.getpwuid(os.getuid()).pw_name,
        }
        return result

    def compare(self, result):
        for number, server in enumerate(self.pair.servers, 1):
            missing = older = None
            if self.clients is not None:
                try:
                    missing, older = self.missing_on(server)
                except Trouble as trouble:
                    missing = older = result["acknowledged"]
                    result["trouble"] = result["trouble"] or str(trouble)
            result[f"missing_on_server{number}"] = missing
            result[f"older_on_server{number}"] = older

    def measure(self, result, end):
        """The longest silence, as clients saw it, and the one of the return."""
        times = [one["time"] for one in result["acknowledgements"]]
        latencies = sorted(one["latency"] for one in result["acknowledgements"])
        first = self.clients_from or 0.0
        last = self.clients_until or end
        gap, since = reports.gap_of(times, first, last)
        result["client_gap_s"] = round(gap, 3)
        result["client_gap_from_s"] = round(since, 3)
        back = next((one["time"] for one in self.events if "started again" in one["text"]), None)
        result["return_gap_s"] = round(reports.gap_of(times, back, last)[0], 3) if back else None
        result["latency_s"] = {
            "median": round(reports.quantile(latencies, 0.5), 6),
            "p99": round(reports.quantile(latencies, 0.99), 6),
            "max": round(latencies[-1], 6) if latencies else 0.0,
        }


def succeeded(result):
    return (
        not result["trouble"]
        and result["acknowledged"] > 0
        and result["unanswered"] == 0
        and all(result[f"missing_on_server{one}"] == 0 for one in (1, 2))
        and all(result[f"older_on_server{one}"] == 0 for one in (1, 2))
    )


def summarize(result, screen):
    def figure(name, value, good=None):
        color = 0 if good is None else 32 if good else 31
        screen.line(f"  {name:<44}{screen.paint(value, color) if color else value}")

    screen.line()
    figure("gap in service, as clients saw it", f'{result["client_gap_s"]:.2f} s')
    if result["return_gap_s"] is not None:
        figure("gap while server1 came back", f'{result["return_gap_s"]:.2f} s')
    figure("leases acknowledged", f'{result["acknowledged"]} (and {result["renewals"]} renewals)')
    for one in (1, 2):
        missing, older = result[f"missing_on_server{one}"], result[f"older_on_server{one}"]
        figure(f"of them missing on server{one}", str(missing), missing == 0)
        if older:
            figure(f"older than acknowledged on server{one}", str(older), False)
    if result["unanswered"]:
        figure("clients without an answer", str(result["unanswered"]), False)
    latency = result["latency_s"]
    figure(
        "time to a lease: median, 99 %, longest",
        f'{latency["median"] * 1000:.1f} ms, {latency["p99"]:.2f} s, {latency["max"]:.2f} s',
    )
    if result["trouble"]:
        screen.line()
        screen.line(screen.paint("FAILED: ", 31) + result["trouble"])


def stage(options, folder):
    """Copies of the program, its libraries and its configurations, readable for any user."""
    places = [os.path.join(options.build, one) for one in (".libs/dhcpha-dhcpd", "dhcpha-dhcpd")]
    program = next((one for one in places if os.path.exists(one)), None)
    if program is None:
        raise Trouble(f"{places[-1]} is missing: was the project configured without examples?")
    os.mkdir(os.path.join(folder, "lib"))
    shutil.copy(program, os.path.join(folder, "dhcpha-dhcpd"))
    for library in glob.glob(os.path.join(options.build, ".libs", "*.so.?")):
        shutil.copy(library, os.path.join(folder, "lib"))
    for name in Pair.names:
        template = os.path.join(options.source, "examples/dhcpd/pair", name + ".json")
        shutil.copy(template, os.path.join(folder, name + ".template.json"))


def make_pair(options, folder):
    environment = {"PATH": os.environ.get("PATH", "/usr/bin:/bin")}
    environment["LD_LIBRARY_PATH"] = os.path.join(folder, "lib")
    templates = [os.path.join(folder, name + ".template.json") for name in Pair.names]
    program = os.path.join(folder, "dhcpha-dhcpd")
    return Pair(folder, program, templates, environment, options.keep)


def drop_privileges(folder, screen):
    """From root to an ordinary user who owns FOLDER.  False: still root."""
    try:
        user = pwd.getpwnam(SERVICE_USER)
        for path in [folder] + glob.glob(os.path.join(folder, "**"), recursive=True):
            os.chown(path, user.pw_uid, user.pw_gid)
        os.setgroups([])
        os.setgid(user.pw_gid)
        os.setuid(user.pw_uid)
        screen.line(f"demo: the run itself is done as user {SERVICE_USER}")
        return True
    except (KeyError, OSError) as failure:
        screen.line(f"demo: cannot become {SERVICE_USER} ({failure}); the run is done as root")
        return False


def run_it(options, folder, screen):
    """The run itself; its report is left in FOLDER.  True when all is well."""
    pair = make_pair(options, folder)
    run = Run(pair, options, screen)
    done = False
    try:
        trouble = ""
        try:
            run.script()
        except Trouble as failure:
            trouble = str(failure)
        screen.clear()
        run.close()
        result = run.result(trouble)
        os.mkdir(os.path.join(folder, "report"))
        reports.write(result, os.path.join(folder, "report"))
        summarize(result, screen)
        done = succeeded(result)
        if options.keep and not trouble:
            pair.watching = False
            keep(pair, screen)
            pair.servers = []
        return done
    finally:
        pair.end()


def run_as_other(options, folder, screen):
    """Root only: the run in a child that is somebody else."""
    screen.out.flush()
    child = os.fork()
    if child == 0:
        status = 1
        try:
            drop_privileges(folder, screen)
            status = 0 if run_it(options, folder, screen) else 1
        except KeyboardInterrupt:
            status = 130
        except Trouble as trouble:
            screen.line(f"demo: {trouble}")
        except BaseException as failure:
            screen.line(f"demo: {failure!r}")
        finally:
            sys.stdout.flush()
            os._exit(status)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the child gets it too
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: os.kill(child, signal.SIGTERM))
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    if status in (130, -signal.SIGTERM):
        raise KeyboardInterrupt
    return status == 0


def deliver(folder, target, screen):
    """The report, from FOLDER to where it was asked for."""
    for name in ("report.html", "report.json"):
        source = os.path.join(folder, "report", name)
        if os.path.exists(source):
            shutil.copyfile(source, os.path.join(target, name))
    screen.line()
    screen.line(f"Report: {target}/report.html and report.json")


def read_options():
    parser = argparse.ArgumentParser(
        prog="./demo",
        description="Build libdhcpha, then watch two of its DHCP servers fail over under load: one"
        " is killed and comes back, and the leases on both are counted.  Takes about a minute, uses"
        " the loopback interface only, and leaves nothing behind but a report.",
        epilog="Exit status: 0 all is well; 1 leases are missing, or the run failed;"
        " 2 set-up failed.",
    )
    parser.add_argument("--report", metavar="DIR", help="write report.html and report.json to DIR")
    parser.add_argument(
        "--keep", action="store_true", help="leave the pair running and say what to try with it"
    )
    parser.add_argument(
        "--rate", type=float, default=50.0, metavar="N", help="new clients a second (default 50)"
    )
    parser.add_argument("--build", help=argparse.SUPPRESS)
    parser.add_argument("--source", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if not 1 <= options.rate <= 500:
        parser.error("--rate: from 1 to 500")
    return options


def main():
    options = read_options()
    screen = Screen()

    def end(*_):
        raise KeyboardInterrupt

    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, end)
    target = os.path.abspath(options.report or os.path.join(options.build, "report"))
    os.makedirs(target, exist_ok=True)
    folder = tempfile.mkdtemp(prefix="dhcpha-demo.")
    os.chmod(folder, 0o755)
    kept = False
    try:
        stage(options, folder)
        fine = (run_as_other if os.geteuid() == 0 else run_it)(options, folder, screen)
        deliver(folder, target, screen)
        kept = os.path.exists(os.path.join(folder, "stop"))
        return 0 if fine else 1
    except KeyboardInterrupt:
        screen.line()
        screen.line("demo: interrupted; nothing is left behind")
        return 130
    except (Trouble, OSError) as failure:
        screen.line(f"demo: {failure}")
        return 2
    finally:
        if not kept:
            shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
