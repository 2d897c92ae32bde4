# SPDX-License-Identifier: MPL-2.0
"""The administrator's commands."""
from clients import Wire, make_clients
from commands import wait_until
from pair import settle


def _each_of_ours(pair):
    """The servers under test with their partners; both when both are Kea."""
    return [(server, other) for server, other in (pair.servers, pair.servers[::-1])
            if server.kind == "ours" or "ours" not in pair.kinds]


def ha_scopes_sets_what_is_served(pair):
    pair.start()
    for server, _ in _each_of_ours(pair):
        for scopes in (["server1", "server2"], ["server2"], [], ["server1"]):
            answer = server.admin.send("ha-scopes", {"scopes": scopes})
            assert answer == {"result": 0, "text": "New HA scopes configured."}, answer
            assert server.scopes() == scopes, server.scopes()
        for wrong in ({"scopes": ["HA_server1"]}, {"scopes": "server1"}, {}, {"scopes": [1]}):
            answer = server.admin.send("ha-scopes", wrong)
            assert answer["result"] == 1, answer
            assert server.scopes() == ["server1"], server.scopes()
    pair.wait_for_normal()


def a_primary_without_scopes_leaves_clients_unserved(pair):
    pair.start()
    with Wire(pair.clients[0]) as wire:
        client = make_clients(wire, 1)[0]
        pair.primary.admin.ask("ha-scopes", {"scopes": []})
        assert client.discover(timeout=1.5) is None
        pair.primary.admin.ask("ha-scopes", {"scopes": ["server1"]})
        client.obtain()
    pair.check_equal()


def ha_continue_resumes_a_paused_server(pair):
    paused, partner = _each_of_ours(pair)[0]
    pause = [{"state": state, "pause": "always"} for state in ("waiting", "ready")]
    partner.start(pair.relationship())
    paused.start(pair.relationship(state_machine={"states": pause}))
    settle(2.5)
    assert paused.admin.state() == "waiting", paused.admin.state()
    answer = paused.admin.send("ha-continue")
    assert answer == {"result": 0, "text": "HA state machine continues."}, answer
    wait_until(lambda: paused.admin.state() == "ready", 20, "ready")
    settle(2.5)
    assert paused.admin.state() == "ready", paused.admin.state()
    paused.admin.ask("ha-continue")
    pair.wait_for_normal()
    answer = paused.admin.send("ha-continue")
    assert answer == {"result": 0, "text": "HA state machine is not paused."}, answer


def ha_reset_leads_through_all_states_back_to_normal(pair):
    server, partner = _each_of_ours(pair)[0]
    partner.start(pair.relationship())
    server.start(pair.relationship(state_machine={
        "states": [{"state": "ready", "pause": "always"}]}))
    wait_until(lambda: server.admin.state() == "ready", 20, "ready")
    server.admin.ask("ha-continue")
    pair.wait_for_normal()
    answer = server.admin.send("ha-reset")
    assert answer == {"result": 0, "text": "HA state machine reset."}, answer
    wait_until(lambda: server.admin.state() == "ready", 20, "ready, again")
    server.admin.ask("ha-continue")
    pair.wait_for_normal()
    with Wire(pair.clients[0]) as wire:
        make_clients(wire, 1)[0].obtain()
    pair.check_equal()


LOCAL = {"role", "scopes", "state"}
REMOTE = {"age", "analyzed-packets", "communication-interrupted", "connecting-clients", "in-touch",
          "last-scopes", "last-state", "role", "unacked-clients", "unacked-clients-left"}


def status_get_tells_the_documented_keys(pair):
    pair.start()
    settle(1.5)  # until each has heard that the other is in the normal state
    for server, partner in _each_of_ours(pair):
        found = server.admin.ask("status-get")["high-availability"]
        assert len(found) == 1 and found[0]["ha-mode"] == "hot-standby", found
        local, remote = (found[0]["ha-servers"][side] for side in ("local", "remote"))
        assert LOCAL <= set(local) and REMOTE <= set(remote), (local, remote)
        assert local["state"] == remote["last-state"] == "hot-standby", found
        assert local["scopes"] == server.scopes() and remote["last-scopes"] == partner.scopes(), found
        assert remote["in-touch"] is True and remote["communication-interrupted"] is False, found


def maintenance_is_started_and_cancelled(pair):
    pair.start()
    for server, partner in _each_of_ours(pair):
        answer = server.admin.send("ha-maintenance-start")
        assert answer["result"] == 0, answer
        assert server.admin.state() == "partner-in-maintenance"
        assert partner.admin.state() == "in-maintenance"
        with Wire(pair.clients[0]) as wire:
            make_clients(wire, 1, block=pair.servers.index(server))[0].obtain()
        answer = server.admin.send("ha-maintenance-cancel")
        assert answer["result"] == 0, answer
        pair.wait_for_normal()
    pair.check_equal()


def a_server_in_maintenance_can_be_shut_down_and_returns(pair):
    pair.start()
    server, partner = _each_of_ours(pair)[0]
    server.admin.ask("ha-maintenance-start")
    assert partner.stop(), "%s did not end by itself" % partner.name
    wait_until(lambda: server.admin.state() == "partner-down", 20, "partner-down")
    with Wire(pair.clients[0]) as wire:
        make_clients(wire, 1)[0].obtain()
    partner.begin_run()
    pair.wait_for_normal()
    pair.check_equal()
