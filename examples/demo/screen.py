# libdhcpha - DHCP High Availability as a library
# SPDX-License-Identifier: MPL-2.0
"""What a watcher sees: lines for events, and one line that shows how things are."""

import os
import shutil
import sys

COLORS = {
    "hot-standby": 32,
    "partner-down": 35,
    "waiting": 37,
    "syncing": 33,
    "ready": 36,
    "terminated": 31,
    "down": 31,
}
PLAIN_EVERY_S = 2.0
LIVE_EVERY_S = 0.2


class Screen:
    """On a terminal the status line is redrawn in place; elsewhere it is printed now and then."""

    def __init__(self, out=sys.stdout):
        self.out = out
        self.live = out.isatty() and os.environ.get("TERM", "dumb") != "dumb"
        self.colors = self.live and "NO_COLOR" not in os.environ
        self.next_status = 0.0
        self.shown = False

    def paint(self, text, color):
        return f"\033[{color}m{text}\033[0m" if self.colors else text

    def _write(self, text):
        try:
            self.out.write(text)
            self.out.flush()
        except BrokenPipeError:  # nobody reads any more: the run goes on for its report
            self.out = open(os.devnull, "w", encoding="utf-8")

    def clear(self):
        if self.shown:
            self._write("\r\033[K")
            self.shown = False

    def line(self, text=""):
        self.clear()
        self._write(text + "\n")

    def event(self, at, text, color=1):
        self.line(f"{at:6.1f} s  {self.paint(text, color)}")

    def status(self, at, total, servers, facts, force=False):
        """SERVERS: (name, state, serves) each; FACTS: a text."""
        if at < self.next_status and not force:
            return
        self.next_status = at + (LIVE_EVERY_S if self.live else PLAIN_EVERY_S)
        parts = []
        for name, state, serves in servers:
            mark = ("\u25cf" if serves else "\u25cb") if self.live else ("*" if serves else " ")
            parts.append(self.paint(f"{mark} {name} {state:<12}", COLORS.get(state, 37)))
        left = f"{at:6.1f} s  "
        if not self.live:
            self._write(left + "  ".join(parts) + "  " + facts + "\n")
            return
        width = shutil.get_terminal_size((100, 24)).columns
        used = len(left) + sum(len(name) + 15 for name, _, _ in servers) + 2
        room = width - used - len(facts) - 6
        bar = ""
        if room >= 8:
            cells = min(room, 24)
            done = min(cells, int(cells * at / total)) if total else 0
            bar = "\u2501" * done + "\u2500" * (cells - done)
        else:
            facts = facts[: max(0, width - used - 4)]
        self._write("\r" + left + "  ".join(parts) + "  " + facts + "  " + bar + "\033[K")
        self.shown = True
