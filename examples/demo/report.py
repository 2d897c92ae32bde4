# libdhcpha - DHCP High Availability as a library
# SPDX-License-Identifier: MPL-2.0
"""The report: a dictionary, a JSON file, and one HTML page with its picture inside."""

import html
import json
import math
import os
import time

BUCKET_S = 0.5
STATE_COLORS = {
    "hot-standby": "#2e9e6b",
    "partner-down": "#c2569b",
    "waiting": "#9aa5b1",
    "syncing": "#e0a12e",
    "ready": "#4aa3c7",
    "terminated": "#b3261e",
    "down": "#3a3f47",
}
SERVER_COLORS = {"server1": "#3b6fd4", "server2": "#e07b39"}
WIDTH, LEFT, RIGHT = 1180, 96, 24
PLOT = WIDTH - LEFT - RIGHT


def quantile(values, part):
    """Of sorted VALUES; 0 when there are none."""
    return values[min(len(values) - 1, int(part * len(values)))] if values else 0.0


def buckets_of(acknowledgements, end):
    """For each half second: how many answers each server gave, and their latencies."""
    count = max(1, math.ceil(end / BUCKET_S))
    buckets = [{"server1": 0, "server2": 0, "latencies": []} for _ in range(count)]
    for one in acknowledgements:
        bucket = buckets[min(count - 1, max(0, int(one["time"] / BUCKET_S)))]
        bucket[one["server"]] += 1
        bucket["latencies"].append(one["latency"])
    for bucket in buckets:
        bucket["latencies"].sort()
    return buckets


def gap_of(times, start, end):
    """The longest time between two acknowledgements: (length, when it began)."""
    marks = [at for at in times if start <= at <= end]
    pairs = zip(marks, marks[1:])
    return max(((later - sooner, sooner) for sooner, later in pairs), default=(0.0, start))


class Picture:
    """Draws panels one below the other; all share the time axis."""

    def __init__(self, end):
        self.end = max(end, 1.0)
        self.parts = []
        self.y = 34  # below the numbers of the events

    def x(self, at):
        return LEFT + PLOT * min(max(at, 0.0), self.end) / self.end

    def add(self, text):
        self.parts.append(text)

    def text(self, x, y, text, kind="", anchor="start"):
        self.add(
            f'<text x="{x:.1f}" y="{y:.1f}" class="{kind}" text-anchor="{anchor}">'
            f"{html.escape(text)}</text>"
        )

    def band(self, name, segments, serving):
        """SEGMENTS: (from, to, state); SERVING: (from, to)."""
        top, height = self.y, 30
        self.text(LEFT - 10, top + 20, name, "name", "end")
        for start, stop, state in segments:
            x, width = self.x(start), max(self.x(stop) - self.x(start), 0.8)
            color = STATE_COLORS.get(state, "#777")
            self.add(
                f'<rect x="{x:.1f}" y="{top}" width="{width:.1f}" height="{height}" rx="3" '
                f'fill="{color}"><title>{name}: {html.escape(state)}, {start:.1f} to {stop:.1f} s'
                "</title></rect>"
            )
            if width > 7 * len(state) + 8:
                self.text(x + width / 2, top + 20, state, "onband", "middle")
        for start, stop in serving:
            x, width = self.x(start), max(self.x(stop) - self.x(start), 0.8)
            self.add(
                f'<rect x="{x:.1f}" y="{top + height + 3}" width="{width:.1f}" height="5" rx="2" '
                f'fill="{SERVER_COLORS[name]}"><title>{name} serves, {start:.1f} to {stop:.1f} s'
                "</title></rect>"
            )
        self.y += height + 18

    def panel(self, title, height, marks, place):
        """A frame with grid lines; MARKS: (value, text); PLACE: value to 0..1.

        Gives the function from value to y.
        """
        self.y += 30
        top = self.y
        self.text(LEFT, top - 7, title, "title")
        self.add(f'<rect x="{LEFT}" y="{top}" width="{PLOT}" height="{height}" class="panel"/>')
        for value, text in marks:
            y = top + height * (1 - place(value))
            self.add(
                f'<line x1="{LEFT}" x2="{LEFT + PLOT}" y1="{y:.1f}" y2="{y:.1f}" class="grid"/>'
            )
            self.text(LEFT - 10, y + 4, text, "tick", "end")
        self.y += height

        def at(value):
            return top + height * (1 - min(max(place(value), 0.0), 1.0))

        return at

    def axis(self):
        step = next(one for one in (1, 2, 5, 10, 20, 60) if self.end / one <= 16)
        for mark in range(0, int(self.end) + 1, step):
            self.add(
                f'<line x1="{self.x(mark):.1f}" x2="{self.x(mark):.1f}" y1="{self.y}" '
                f'y2="{self.y + 5}" class="axis"/>'
            )
            self.text(self.x(mark), self.y + 19, f"{mark} s", "tick", "middle")
        self.y += 30

    def events(self, events):
        """A line through everything and a number on top, drawn over the panels."""
        last_x = -100.0
        for number, event in enumerate(events, 1):
            x = self.x(event["time"])
            self.add(f'<line x1="{x:.1f}" x2="{x:.1f}" y1="24" y2="{self.y - 30}" class="event"/>')
            shown = max(x, last_x + 19)
            last_x = shown
            self.add(
                f'<circle cx="{shown:.1f}" cy="14" r="9" class="dot"/>'
                f'<text x="{shown:.1f}" y="18" class="number" text-anchor="middle">{number}'
                f"<title>{html.escape(event['text'])}</title></text>"
            )

    def svg(self):
        return (
            f'<svg viewBox="0 0 {WIDTH} {self.y}" role="img" '
            f'aria-label="States, rate and latency over time">{"".join(self.parts)}</svg>'
        )


def steps(points):
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in points)


def draw_rate(picture, buckets):
    per_second = [
        (bucket["server1"] / BUCKET_S, bucket["server2"] / BUCKET_S) for bucket in buckets
    ]
    top = max(10.0, max(one + two for one, two in per_second) * 1.08)
    step = next(one for one in (5, 10, 20, 50, 100, 200, 500, 1000, 5000) if top / one <= 6)
    marks = [(value, str(value)) for value in range(0, int(top) + 1, step)]
    at = picture.panel("Acknowledgements per second", 150, marks, lambda value: value / top)
    for index, name in enumerate(("server1", "server2")):
        lower, upper = [], []
        for number, counts in enumerate(per_second):
            base = 0 if index == 0 else counts[0]
            left, right = picture.x(number * BUCKET_S), picture.x((number + 1) * BUCKET_S)
            upper += [(left, at(base + counts[index])), (right, at(base + counts[index]))]
            lower += [(left, at(base)), (right, at(base))]
        picture.add(
            f'<polygon points="{steps(upper + lower[::-1])}" fill="{SERVER_COLORS[name]}" '
            'fill-opacity=".8"/>'
        )


def draw_gap(picture, top, report):
    """The longest silence, from the last answer before it to the first one behind."""
    length, since = report["client_gap_s"], report["client_gap_from_s"]
    if length < 1.0:
        return
    x, width = picture.x(since), picture.x(since + length) - picture.x(since)
    picture.add(f'<rect x="{x:.1f}" y="{top}" width="{width:.1f}" height="150" class="gap"/>')
    if width > 60:
        picture.text(x + width / 2, top + 72, f"{length:.1f} s", "gapname", "middle")
        picture.text(x + width / 2, top + 88, "no answers", "gapnote", "middle")


def draw_latency(picture, acknowledgements, buckets):
    low, high = -4.0, 1.3  # 0.1 ms to 20 s

    def place(seconds):
        return (math.log10(max(seconds, 1e-4)) - low) / (high - low)

    marks = [(1e-3, "1 ms"), (1e-2, "10 ms"), (1e-1, "100 ms"), (1.0, "1 s"), (10.0, "10 s")]
    title = "Time from a client\u2019s first message to its acknowledgement (dots), median (line)"
    at = picture.panel(title, 170, marks, place)
    for one in acknowledgements:
        picture.add(
            f'<circle cx="{picture.x(one["time"]):.1f}" cy="{at(one["latency"]):.1f}" r="1.6" '
            f'fill="{SERVER_COLORS[one["server"]]}" fill-opacity=".35"/>'
        )
    line = []
    for number, bucket in enumerate(buckets + [{"latencies": []}]):
        if bucket["latencies"]:
            middle = picture.x((number + 0.5) * BUCKET_S)
            line.append((middle, at(quantile(bucket["latencies"], 0.5))))
        elif line:
            picture.add(f'<polyline points="{steps(line)}" class="median"/>')
            line = []


def draw(report):
    picture = Picture(report["duration_s"])
    for name in ("server1", "server2"):
        picture.band(name, report["states"][name], report["serving"][name])
    buckets = buckets_of(report["acknowledgements"], report["duration_s"])
    draw_rate(picture, buckets)
    draw_gap(picture, picture.y - 150, report)
    draw_latency(picture, report["acknowledgements"], buckets)
    picture.axis()
    picture.events(report["events"])
    return picture.svg()


STYLE = """
:root { --ink: #1d2530; --soft: #5d6875; --paper: #f4f6f9; --card: #fff; --rule: #dde3ea; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e8edf3; --soft: #9aa7b5; --paper: #12161c; --card: #1a2029; --rule: #2c3542; }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink);
  font: 15px/1.5 system-ui, -apple-system, "Segoe UI", "DejaVu Sans", sans-serif; }
main { max-width: 1240px; margin: 0 auto; padding: 32px 24px 48px; }
h1 { font-size: 26px; margin: 0 0 4px; } h2 { font-size: 17px; margin: 0 0 12px; }
p { margin: 0 0 20px; color: var(--soft); }
section { background: var(--card); border: 1px solid var(--rule); border-radius: 10px;
  padding: 20px 22px; margin: 0 0 20px; }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(170px, 1fr)); gap: 14px;
  margin: 0 0 20px; }
.tile { background: var(--card); border: 1px solid var(--rule); border-radius: 10px;
  padding: 14px 18px; border-top: 4px solid #8793a1; }
.tile b { display: block; font-size: 26px; line-height: 1.25; font-variant-numeric: tabular-nums; }
.tile span { color: var(--soft); font-size: 13px; }
.good { border-top-color: #2e9e6b; } .bad { border-top-color: #b3261e; }
svg { width: 100%; height: auto; display: block; }
svg text { fill: var(--ink); font-size: 12px; } svg .tick { fill: var(--soft); font-size: 11px; }
svg .name { font-weight: 600; font-size: 13px; } svg .title { font-weight: 600; }
svg .onband { fill: #fff; font-weight: 600; }
svg .panel { fill: none; stroke: var(--rule); } svg .grid { stroke: var(--rule); }
svg .axis { stroke: var(--soft); }
svg .event { stroke: var(--soft); stroke-dasharray: 3 4; stroke-opacity: .8; }
svg .dot { fill: var(--ink); } svg .number { fill: var(--card); font-weight: 700; font-size: 11px; }
svg .gap { fill: #b3261e; fill-opacity: .12; }
svg .gapname { font-weight: 700; font-size: 15px; } svg .gapnote { font-size: 11px; }
svg .median { fill: none; stroke: var(--ink); stroke-width: 1.6; }
.legend { margin: 14px 0 0; color: var(--soft); font-size: 13px; }
.legend i { display: inline-block; width: 12px; height: 12px; border-radius: 3px;
  margin: 0 6px 0 16px; vertical-align: -1px; }
.legend i:first-child { margin-left: 0; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
td, th { text-align: left; padding: 5px 14px 5px 0; border-bottom: 1px solid var(--rule);
  vertical-align: top; }
th { color: var(--soft); font-weight: 600; font-size: 13px; }
td.narrow { white-space: nowrap; width: 1%; }
.columns { display: grid; grid-template-columns: 2fr 3fr; gap: 20px; }
@media (max-width: 900px) { .columns { grid-template-columns: 1fr; } }
"""


def tile(value, text, kind=""):
    value, text = html.escape(value), html.escape(text)
    return f'<div class="tile {kind}"><b>{value}</b><span>{text}</span></div>'


def good_if(holds):
    return "good" if holds else "bad"


def tiles(report):
    latency = report["latency_s"]
    return "".join(
        (
            tile(f'{report["client_gap_s"]:.1f} s', "without service, as clients saw it"),
            tile(f'{report["acknowledged"]:,}', "leases acknowledged to clients"),
            tile(
                str(report["missing_on_server1"]),
                "of them missing on server1",
                good_if(report["missing_on_server1"] == 0),
            ),
            tile(
                str(report["missing_on_server2"]),
                "of them missing on server2",
                good_if(report["missing_on_server2"] == 0),
            ),
            tile(f'{latency["median"] * 1000:.1f} ms', "median time to an acknowledgement"),
            tile(
                str(report["unanswered"]),
                "clients left without a lease at the end",
                good_if(report["unanswered"] == 0),
            ),
        )
    )


def legend(report):
    used = {state for name in report["states"] for _, _, state in report["states"][name]}
    items = [(color, state) for state, color in STATE_COLORS.items() if state in used]
    items += [(color, f"{name} serves") for name, color in SERVER_COLORS.items()]
    return "".join(f'<i style="background:{color}"></i>{text}' for color, text in items)


def rows(cells):
    """All columns but the last are as narrow as can be."""
    lines = []
    for row in cells:
        row = [html.escape(str(cell)) for cell in row]
        narrow = "".join(f'<td class="narrow">{cell}</td>' for cell in row[:-1])
        lines.append(f"<tr>{narrow}<td>{row[-1]}</td></tr>")
    return "".join(lines)


def page(report):
    events = rows(
        (number, f'{event["time"]:.1f} s', event["text"])
        for number, event in enumerate(report["events"], 1)
    )
    transitions = rows(
        (f'{one["time"]:.2f} s', one["server"], one["from"], one["to"], one["why"])
        for one in sorted(report["transitions"], key=lambda one: one["time"])
    )
    settings = rows(report["settings"].items())
    trouble = (
        f'<section><h2>This run failed</h2><pre>{html.escape(report["trouble"])}</pre></section>'
        if report["trouble"]
        else ""
    )
    return f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>libdhcpha: a fail-over</title>
<style>{STYLE}</style>
</head>
<body>
<main>
<h1>A fail-over, as its clients saw it</h1>
<p>Two example servers of libdhcpha in hot-standby, {html.escape(report["started"])}. The primary was
killed under load, came back, and synchronized.</p>
{trouble}
<div class="tiles">{tiles(report)}</div>
<section>
<h2>What happened</h2>
{draw(report)}
<div class="legend">{legend(report)}</div>
</section>
<div class="columns">
<section><h2>Events</h2><table>{events}</table></section>
<section><h2>State changes</h2>
<table><tr><th>time</th><th>server</th><th>from</th><th>to</th><th>why</th></tr>{transitions}</table></section>
</div>
<section><h2>How it was run</h2><table>{settings}</table></section>
</main>
</body>
</html>
"""


def write(report, folder):
    """report.json and report.html."""
    with open(os.path.join(folder, "report.json"), "w", encoding="utf-8") as file:
        json.dump({key: report[key] for key in report if key != "acknowledgements"}, file, indent=2)
        file.write("\n")
    with open(os.path.join(folder, "report.html"), "w", encoding="utf-8") as file:
        file.write(page(report))


def now_text():
    return time.strftime("%Y-%m-%d %H:%M:%S %Z")
