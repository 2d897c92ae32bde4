#!/usr/bin/env python3
# libdhcpha - DHCP High Availability as a library
# SPDX-License-Identifier: MPL-2.0
"""Packs recorded Kea traffic into one small file for each version and family.

Usage: pack.py SOURCE [TARGET]

SOURCE has kea-VERSION/FAMILY/SCENARIO.json; TARGET, this folder by default, gets
kea-VERSION-FAMILY.jsonl, and kea-http.jsonl.  README.md describes the format.
"""

import base64
import email.utils
import json
import pathlib
import re
import sys

USUAL_HEADERS = {"Host", "Content-Length", "Content-Type", "Date", "Authorization"}
KEPT_EVENTS = ("start", "fault", "connect-refused", "connect-unanswered")


def compact(value):
    return json.dumps(value, separators=(",", ":"), sort_keys=True, ensure_ascii=True)


def http_date(seconds):
    return email.utils.formatdate(seconds, usegmt=True)


def subnets_of(server):
    config = server.get("config") or {}
    found = []
    for family in ("4", "6"):
        shared = config.get("shared-networks", [])
        for holder in [config] + shared:
            for subnet in holder.get("subnet" + family, []):
                entry = {"id": subnet["id"], "subnet": subnet["subnet"]}
                context = subnet.get("user-context") or holder.get("user-context") or {}
                if isinstance(context.get("ha-server-name"), str):
                    entry["ha-server-name"] = context["ha-server-name"]
                found.append(entry)
    return found


def without_moment(body, start, t_ms):
    """"@" for a date-time that is the moment of the exchange; status-get: HA's part only."""
    arguments = body[0].get("arguments") if isinstance(body, list) and body else None
    if not isinstance(arguments, dict):
        return body
    moment = start + t_ms // 1000
    if arguments.get("date-time") in [http_date(moment + d) for d in (-1, 0, 1)]:
        body = [dict(body[0], arguments=dict(arguments, **{"date-time": "@"}))]
    if "high-availability" in arguments:
        kept = {"high-availability": arguments["high-availability"]}
        body = [dict(body[0], arguments=kept)]
    return body


def message(part, start, t_ms):
    """A request's or answer's body: parsed where it is JSON, else as text."""
    body = part.get("body")
    if body is None:
        if part.get("raw_b64") is not None:
            return {"base64": part["raw_b64"]}
        return {"raw": part.get("raw") or ""}
    key = r'"(?:[^"\\]|\\.)*"\s*:'
    if len(re.findall(key, part.get("raw", ""))) > len(re.findall(key, compact(body))):
        return {"raw": part["raw"]}  # it has a key twice
    return {"json": without_moment(body, start, t_ms)}


def is_usual(exchange):
    """Framed as HTTP between servers is: what is left is for the commands to judge."""
    if exchange.get("transport") == "unix":
        return True
    request = exchange.get("request") or {}
    headers = request.get("headers") or {}
    names = set(headers) if isinstance(headers, dict) else {h[0] for h in headers}
    return (
        request.get("method") == "POST"
        and names <= USUAL_HEADERS
        and {"Content-Type", "Content-Length"} <= names
        and dict(headers)["Content-Type"] == "application/json"
        and request.get("version", "HTTP/1.1") == "HTTP/1.1"
        and "head" not in request
        and "rest" not in request
    )


class Writer:
    def __init__(self, out):
        self.out = out
        self.numbers = {}

    def body(self, value):
        """The number of a body, which is written when it is new."""
        text = compact(value)
        if text not in self.numbers:
            self.numbers[text] = len(self.numbers)
            self.out.write(text + "\n")
        return self.numbers[text]

    def exchange(self, start, exchange):
        t_ms, answer = exchange["t_ms"], None
        request = self.body(message(exchange.get("request") or {}, start, t_ms))
        if exchange.get("response") is not None:
            answer = self.body(message(exchange["response"], start, t_ms))
        line = [t_ms, exchange["from"], exchange["to"], request, answer]
        more = {}
        if exchange.get("transport") == "unix":
            more["unix"] = True
        if not is_usual(exchange):
            more["unusual"] = True
        status = (exchange.get("response") or {}).get("status") or 200
        if status != 200:
            more["status"] = status
        if "error" in exchange:
            more["error"] = exchange["error"]
        self.out.write(compact(line + ([more] if more else [])) + "\n")

    def scenario(self, source):
        config = {n: self.body({"config": c}) for n, c in source["config"].items()}
        subnets = {n: self.body({"subnets": subnets_of(s)}) for n, s in source["kea"].items()}
        head = {
            "scenario": source["scenario"],
            "kea": {n: s["version"] for n, s in source["kea"].items()},
            "mode": source["mode"],
            "start": source["start_time"],
            "config": config,
            "subnets": subnets,
            "events": [
                [e["t_ms"], e["event"], e["detail"]]
                for e in source["events"]
                if e["event"] in KEPT_EVENTS
            ],
        }
        self.out.write(compact(head) + "\n")
        for exchange in source["exchanges"]:
            self.exchange(source["start_time"], exchange)


def as_bytes(message):
    """The bytes of a request, each one a character."""
    if message.get("head"):
        head = message["head"]
    else:
        line = [message[k] for k in ("method", "path") if message.get(k) is not None]
        if message.get("path") is not None:
            line.append(message.get("version") or "HTTP/1.1")
        headers = message["headers"]
        headers = headers.items() if isinstance(headers, dict) else headers
        head = "\r\n".join([" ".join(line)] + [f"{k}: {v}" for k, v in headers]) + "\r\n"
        if message.get("path") is not None:
            head += "\r\n"
    body = message.get("raw") or ""
    if message.get("raw_b64"):
        body = base64.b64decode(message["raw_b64"]).decode("latin-1")
    else:
        body = body.encode().decode("latin-1")
    return head + body + (message.get("rest") or "")


def http_row(version, exchange):
    """How a request is answered as far as that is a matter of HTTP."""
    response = exchange.get("response")
    row = {"kea": version, "request": as_bytes(exchange["request"])}
    if response is not None:
        body = response.get("body")
        answer = body[0] if isinstance(body, list) and body else body
        row["status"] = response["status"]
        row["version"] = response.get("version", "HTTP/1.1")
        row["list"] = isinstance(body, list)
        row["result"] = answer.get("result") if isinstance(answer, dict) else None
        row["headers"] = sorted(response["headers"])
    return row


def pack_http(source, out):
    """What is special in its framing or credentials: one line for each, in one file."""
    seen = set()
    for path in sorted(source.glob("kea-*/dhcp?/*.json")):
        recorded = json.loads(path.read_text())
        with_credentials = recorded["scenario"] in ("unauthorized", "basic-auth")
        for exchange in recorded["exchanges"]:
            if exchange.get("transport") == "unix":
                continue
            if is_usual(exchange) and not with_credentials:
                continue
            row = http_row(recorded["kea"][sorted(recorded["kea"])[0]]["version"], exchange)
            row["credentials"] = with_credentials
            text = compact(row)
            if text not in seen:
                out.write(text + "\n")
            seen.add(text)


def main():
    source = pathlib.Path(sys.argv[1])
    target = pathlib.Path(sys.argv[2] if len(sys.argv) > 2 else pathlib.Path(__file__).parent)
    for folder in sorted(source.glob("kea-*/dhcp?")):
        name = f"{folder.parent.name}-{folder.name}.jsonl"
        with open(target / name, "w", encoding="ascii") as out:
            writer = Writer(out)
            for path in sorted(folder.glob("*.json")):
                writer.scenario(json.loads(path.read_text()))
    with open(target / "kea-http.jsonl", "w", encoding="ascii") as out:
        pack_http(source, out)


if __name__ == "__main__":
    main()
