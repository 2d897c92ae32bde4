# SPDX-License-Identifier: MPL-2.0
"""What differs between DHCPv4 and DHCPv6: names, networks, pools, and what tells leases apart."""


class Family:
    """One of the two; see FAMILIES."""

    def __init__(self, number, subnet, keys):
        self.number = number
        self.service = "dhcp%d" % number
        self.root = "Dhcp%d" % number
        self.subnet = subnet
        self.keys = keys

    def command(self, name):
        """lease-get-all to lease4-get-all or lease6-get-all."""
        return name.replace("lease-", "lease%d-" % self.number)

    def make_subnet(self, mode):
        """The one subnet, whose pools are split when both servers serve it."""
        names = ("HA_server1", "HA_server2") if mode == "load-balancing" else (None,)
        found = {"id": 1, "subnet": self.subnet}
        for key, make in self.keys.items():
            found[key] = [dict(make(half, len(names)), **({"client-class": name} if name else {}))
                          for half, name in enumerate(names)]
        return found


class Family4(Family):
    """DHCPv4."""

    def __init__(self):
        super().__init__(4, "10.78.0.0/16", {
            "pools": lambda half, halves: {"pool": "10.78.%d.0 - 10.78.%d.250" % (
                (16, 136)[half], (135, 255)[half + 2 - halves])}})

    def server_address(self, number):
        return "10.78.0.%d/16" % number

    def client_address(self, number):
        return "10.78.0.%d/16" % (10 + number)

    @staticmethod
    def key(lease):
        return lease["ip-address"]

    @staticmethod
    def client(lease):
        return lease.get("hw-address")

    def server_parameters(self, _number, lifetime):
        return {"valid-lifetime": lifetime}

    @staticmethod
    def lease_arguments(key):
        return {"ip-address": key}


class Family6(Family):
    """DHCPv6; the key of a lease is its type and address, as both are one number space each."""

    def __init__(self):
        super().__init__(6, "2001:db8:78::/64", {
            "pools": lambda half, _: {"pool": "2001:db8:78::%d:0:0/96" % (half + 1)},
            "pd-pools": lambda half, _: {"prefix": "2001:db8:%d000::" % (half + 8),
                                      "prefix-len": 36, "delegated-len": 56}})

    def make_subnet(self, mode):
        return dict(super().make_subnet(mode), interface="dhcp")

    def server_address(self, number):
        return "2001:db8:78::%d/64" % number

    def client_address(self, number):
        return "2001:db8:78::%d/64" % (10 + number)

    @staticmethod
    def key(lease):
        return "%s %s" % (lease["type"], lease["ip-address"])

    @staticmethod
    def client(lease):
        return lease.get("duid")

    def server_parameters(self, number, lifetime):
        return {"valid-lifetime": lifetime, "preferred-lifetime": lifetime * 3 // 4,
                "server-id": {"type": "EN", "enterprise-id": 2495,
                              "identifier": "%012X" % number, "persist": False}}

    @staticmethod
    def lease_arguments(key):
        kind, address = key.split()
        return {"type": kind, "ip-address": address}


FAMILIES = {4: Family4(), 6: Family6()}
