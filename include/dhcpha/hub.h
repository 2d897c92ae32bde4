/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/**
 * @file hub.h
 * All relationships of one server: events in, actions out.
 *
 * Events are function calls.  What follows from an event is a list of actions.
 * When the event has been settled, the hub performs them, first to last,
 * through the host's callbacks; actions whose callback is NULL wait, in their
 * order, for dhcpha_hub_next_action().
 *
 * A hub belongs to one thread at a time.  It never blocks and never sleeps.
 */
#ifndef DHCPHA_HUB_H
#define DHCPHA_HUB_H

#include <dhcpha/action.h>
#include <dhcpha/callbacks.h>
#include <dhcpha/config.h>
#include <dhcpha/query.h>
#include <dhcpha/report.h>

#ifdef __cplusplus
extern "C" {
#endif

/** All relationships of one server. */
typedef struct dhcpha_hub dhcpha_hub;

/**
 * Make a hub.  It does nothing before dhcpha_hub_start().
 *
 * @param config     The configuration; may be freed afterwards.
 * @param callbacks  Copied; NULL for none.
 * @param user_data  Handed to each callback.
 * @param hub        Receives the hub, to be given to dhcpha_hub_free(); NULL on failure.
 * @retval DHCPHA_OK            Made.
 * @retval DHCPHA_ERR_NOMEM     Out of memory.
 * @retval DHCPHA_ERR_ARGUMENT  @p config or @p hub is NULL.
 * @since 0.1.0
 */
DHCPHA_API dhcpha_status dhcpha_hub_new(const dhcpha_config *config,
                                        const dhcpha_callbacks *callbacks, void *user_data,
                                        dhcpha_hub **hub);

/**
 * Start every relationship: it waits for its partner, with the DHCP service disabled (P2 3.1).
 * Of several, each has its own: the service is enabled as soon as one may serve, and the verdict
 * on a query is #DHCPHA_REASON_SERVICE_DISABLED where it belongs to one that may not yet.
 *
 * @param hub  A hub that has not been started.
 * @retval DHCPHA_OK         Started.
 * @retval DHCPHA_ERR_STATE  It was started before.
 * @retval DHCPHA_ERR_NOMEM  Out of memory; it is not started.
 * @since 0.1.0
 */
DHCPHA_API dhcpha_status dhcpha_hub_start(dhcpha_hub *hub);

/**
 * Stop a hub in good order, at any moment (P2 3.5, 3.6): before the server ends, or before a new
 * hub takes its place.
 *
 * Every parked query is released, to be dropped; every command that has no answer yet is answered
 * with an error; a peer whose DHCP service is disabled for a synchronization of ours is told to
 * enable it; and the DHCP service is enabled, unless somebody who is no server of High
 * Availability has disabled it.  All this is told in the usual way: performed before it returns,
 * or waiting for dhcpha_hub_next_action().  Nothing follows after that.  What is in flight may be
 * cancelled or left to end: its outcome is then #DHCPHA_ERR_UNKNOWN, and does nothing.  Commands,
 * queries and leases are refused with #DHCPHA_ERR_STATE.
 *
 * To change the configuration: dhcpha_config_parse() the new one, which has no side effects; and
 * if it is good, dhcpha_hub_stop() the old hub, take its last actions, then dhcpha_hub_new(),
 * dhcpha_hub_inherit(), dhcpha_hub_set_subnets() and dhcpha_hub_start() the new one, and
 * dhcpha_hub_free() the old one.
 *
 * @param hub  A hub that was started.
 * @retval DHCPHA_OK         Stopped, or it was stopped before.
 * @retval DHCPHA_ERR_NOMEM  Stopped, but the host could not be told that the DHCP service is
 *                           enabled again: calling it again tries that again.
 * @retval DHCPHA_ERR_STATE  It was not started.
 * @since 0.2.0
 */
DHCPHA_API dhcpha_status dhcpha_hub_stop(dhcpha_hub *hub);

/**
 * Take over from a hub that was stopped, before dhcpha_hub_start().
 *
 * Whoever is no server of High Availability and has disabled the DHCP service (an administrator,
 * with `dhcp-disable`) still does, and for as long.  Ids of commands and requests to the store go
 * on from the former hub's, so that a late outcome of these is never taken for another.  A backup
 * that lost updates is still known to be out of date, and recoveries from `terminated` that were
 * made are still counted.
 *
 * @param hub     The new hub.
 * @param former  The stopped one.
 * @retval DHCPHA_OK            Taken over.
 * @retval DHCPHA_ERR_STATE     The new one was started, or the former was not stopped.
 * @retval DHCPHA_ERR_ARGUMENT  @p former is NULL.
 * @retval DHCPHA_ERR_NOMEM     Out of memory.
 * @since 0.2.0
 */
DHCPHA_API dhcpha_status dhcpha_hub_inherit(dhcpha_hub *hub, const dhcpha_hub *former);

/**
 * End a hub.  Unless dhcpha_hub_stop() came before, parked queries are forgotten, nothing is sent
 * and no callback is called.  Actions that nobody took are lost.  Not from within a callback.
 * @param hub  The hub, or NULL.
 * @since 0.1.0
 */
DHCPHA_API void dhcpha_hub_free(dhcpha_hub *hub);

/**
 * Tell the hub the time, where it has no clock callback.
 *
 * @param hub   The hub.
 * @param time  The time of the events that follow.
 * @since 0.1.0
 */
DHCPHA_API void dhcpha_hub_set_time(dhcpha_hub *hub, dhcpha_time time);

/**
 * Name the subnets of the host's configuration.
 *
 * With them a lease update for an unknown subnet, or an address outside its
 * subnet, is refused (P1 4.8), and a synchronization keeps to the subnets of
 * its relationship (P2 6.5).  Without them all leases are taken.
 *
 * @param hub      The hub.
 * @param subnets  Copied.
 * @param count    How many; 0 forgets them.
 * @retval DHCPHA_OK            Taken; they replace earlier ones.
 * @retval DHCPHA_ERR_NOMEM     Out of memory; the earlier ones stay.
 * @retval DHCPHA_ERR_ARGUMENT  An id is 0 or stands twice, or a prefix is none.
 * @since 0.1.0
 */
DHCPHA_API dhcpha_status dhcpha_hub_set_subnets(dhcpha_hub *hub, const dhcpha_subnet *subnets,
                                                size_t count);

/**
 * Choose which messages are logged.
 * @param hub    The hub.
 * @param level  Messages below it are not made at all; #DHCPHA_LEVEL_INFO by default.
 * @since 0.1.0
 */
DHCPHA_API void dhcpha_hub_set_log_level(dhcpha_hub *hub, dhcpha_level level);

/**
 * When the hub next wants dhcpha_hub_handle_expiry() to be called.
 *
 * It may change with every event.
 * @param hub  The hub.
 * @return Monotonic milliseconds, possibly in the past; #DHCPHA_NEVER when nothing is due.
 * @since 0.1.0
 */
DHCPHA_API int64_t dhcpha_hub_get_expiry(const dhcpha_hub *hub);

/**
 * Do what is due: heartbeats, deadlines, timers.  Too early it does nothing.
 *
 * @param hub  The hub.
 * @retval DHCPHA_OK         Done.
 * @retval DHCPHA_ERR_NOMEM  Out of memory; it will be tried again in a second.
 * @retval DHCPHA_ERR_STATE  The hub has not been started.
 * @since 0.1.0
 */
DHCPHA_API dhcpha_status dhcpha_hub_handle_expiry(dhcpha_hub *hub);

/**
 * A command came in from a peer or an administrator.
 *
 * The hub carries out the commands of High Availability, `dhcp-disable`,
 * `dhcp-enable`, and the lease commands peers use (`lease4-update`,
 * `lease4-del` by address, `lease4-get-page`, and those of DHCPv6 but `lease6-bulk-apply`).  Its
 * answer is an #DHCPHA_ACTION_ANSWER_COMMAND, at once or when it is done.
 * It refuses what `restrict-commands` forbids, and what is no command.
 *
 * @param hub       The hub.
 * @param id        The host's, not in use by another unanswered command.
 * @param json      The request's body.  Read during the call, not kept.
 * @param json_len  Length of @p json in bytes.
 * @param relationship  The relationship whose listener took it: it may have `restrict-commands`,
 *                      and of several relationships it is the one that a partner's `dhcp-disable`
 *                      concerns.  Any number past the last one: it came in another way, or through
 *                      a listener that several share.
 * @retval DHCPHA_OK           Taken: there is, or will be, an answer.
 * @retval DHCPHA_ERR_FOREIGN  A well-formed command of other concern: the host answers it.
 * @retval DHCPHA_ERR_NOMEM    Out of memory; there will be no answer.
 * @retval DHCPHA_ERR_LIMIT    Too many unanswered commands; there will be no answer.
 * @retval DHCPHA_ERR_STATE    The hub has not been started.
 * @since 0.1.0
 */
DHCPHA_API dhcpha_status dhcpha_hub_command_received(dhcpha_hub *hub, uint64_t id,
                                                     const char *json, size_t json_len,
                                                     size_t relationship);

/**
 * A peer answered a command.
 *
 * May change state.  Actions that follow are performed before it returns, or
 * wait for dhcpha_hub_next_action() where their callback is NULL.
 *
 * @param hub       The hub that asked for the command to be sent.
 * @param id        The id of the #DHCPHA_ACTION_SEND_COMMAND action.
 * @param json      The answer.  Read during the call, not kept.
 * @param json_len  Length of @p json in bytes.
 * @retval DHCPHA_OK           Taken in, whatever it said.
 * @retval DHCPHA_ERR_UNKNOWN  Nothing with this id is in flight: it is late.
 * @retval DHCPHA_ERR_NOMEM    Out of memory; the command counts as failed.
 * @since 0.1.0
 */
DHCPHA_API dhcpha_status dhcpha_hub_command_answered(dhcpha_hub *hub, uint64_t id,
                                                     const char *json, size_t json_len);

/**
 * A command could not be sent, or no answer came.
 *
 * @param hub   The hub that asked for the command to be sent.
 * @param id    The id of the #DHCPHA_ACTION_SEND_COMMAND action.
 * @param why   What went wrong.
 * @param text  More about it, for people; may be NULL.
 * @retval DHCPHA_OK           Taken in.
 * @retval DHCPHA_ERR_UNKNOWN  Nothing with this id is in flight: it is late.
 * @retval DHCPHA_ERR_NOMEM    Taken in, but a message or an action was lost.
 * @since 0.1.0
 */
DHCPHA_API dhcpha_status dhcpha_hub_command_failed(dhcpha_hub *hub, uint64_t id,
                                                   dhcpha_status why, const char *text);

/**
 * Part of an answer arrived: its sender is alive, and gets its timeout anew.
 *
 * A whole exchange still takes at most ten times its timeout.
 * @param hub  The hub that asked for the command to be sent.
 * @param id   The id of the #DHCPHA_ACTION_SEND_COMMAND action.
 * @retval DHCPHA_OK           Noted.
 * @retval DHCPHA_ERR_UNKNOWN  Nothing with this id is in flight.
 * @since 0.1.0
 */
DHCPHA_API dhcpha_status dhcpha_hub_command_progressed(dhcpha_hub *hub, uint64_t id);

/**
 * A DHCP query came in: is this server to answer it?
 *
 * Allocates nothing, unless more than 64 new clients of a silent partner come between two
 * heartbeats.  A query of the partner's that goes unanswered may lead to a state change, since
 * its waiting time tells whether the partner serves it.
 *
 * @param hub      The hub.
 * @param query    Its facts.  Read during the call, not kept.
 * @param verdict  Filled in.
 * @retval DHCPHA_OK            Decided.
 * @retval DHCPHA_ERR_STATE     The hub has not been started; the verdict is to drop.
 * @since 0.1.0
 */
DHCPHA_API dhcpha_status dhcpha_hub_query_received(dhcpha_hub *hub, const dhcpha_query *query,
                                                   dhcpha_verdict *verdict);

/**
 * The host committed leases for a query, and asks when it may answer.
 *
 * In the usual case the answer has to wait for the peers: it is parked until
 * #DHCPHA_ACTION_RELEASE_QUERY tells to send or drop it.
 *
 * @param hub       The hub.
 * @param query_id  The host's, not in use by another parked query.
 * @param query     Its facts.  Read during the call, not kept.  Without `server_name` the subnet
 *                  of the first lease tells the relationship (dhcpha_hub_set_subnets()): a DHCPv4
 *                  RELEASE or DECLINE selects no subnet of itself (P2 15.33).
 * @param leases    Leases that are new or changed.  Read during the call, not kept.
 * @param lease_count    How many.
 * @param deleted   Leases that were removed, or released.  Read during the call, not kept.
 * @param deleted_count  How many.
 * @param parked    Receives true when the answer has to wait, false when it may be sent now.  The
 *                  release may come before this function returns: where send_command finishes
 *                  inside the call, or a command found no memory.
 * @retval DHCPHA_OK            Taken in; see @p parked.
 * @retval DHCPHA_ERR_NOMEM     Out of memory; drop the answer.
 * @retval DHCPHA_ERR_LIMIT     Too many parked queries; drop the answer.
 * @retval DHCPHA_ERR_UNKNOWN   The query belongs to no relationship; drop the answer.
 * @retval DHCPHA_ERR_ARGUMENT  A lease is not of this family, or its fields are out of range.
 * @retval DHCPHA_ERR_STATE     The hub has not been started.
 * @since 0.1.0
 */
DHCPHA_API dhcpha_status dhcpha_hub_leases_changed(dhcpha_hub *hub, uint64_t query_id,
                                                   const dhcpha_query *query,
                                                   const dhcpha_lease *leases,
                                                   size_t lease_count,
                                                   const dhcpha_lease *deleted,
                                                   size_t deleted_count, bool *parked);

/**
 * Whether the host may reclaim a lease that has expired.
 *
 * Not while the DHCP service is off.  In `terminated` the servers divide the leases as they
 * divide the clients, since neither tells the other what it reclaimed; in every other state each
 * server reclaims all (P2 2).
 *
 * @param hub          The hub.
 * @param lease        The lease.  Read during the call, not kept.
 * @param server_name  `ha-server-name` of the lease's subnet (P1 1.12); NULL with one
 *                     relationship, or when the subnet has none.
 * @return true to reclaim it; false to ask again later.
 * @since 0.2.0
 */
DHCPHA_API bool dhcpha_hub_may_reclaim(dhcpha_hub *hub, const dhcpha_lease *lease,
                                       const char *server_name);

/**
 * Hand over leases that #DHCPHA_ACTION_READ_LEASES asked for.
 *
 * @param hub     The hub.
 * @param id      The id of the action.
 * @param leases  The next leases, in ascending order of address.  Read during the call, not kept.
 * @param count   How many; any number of calls may follow.
 * @retval DHCPHA_OK            Taken.
 * @retval DHCPHA_ERR_UNKNOWN   Nothing with this id is being read.
 * @retval DHCPHA_ERR_LIMIT     More than were asked for, or the answer grows too large: end it.
 * @retval DHCPHA_ERR_NOMEM     Out of memory: end it.
 * @since 0.1.0
 */
DHCPHA_API dhcpha_status dhcpha_hub_leases_read(dhcpha_hub *hub, uint64_t id,
                                                const dhcpha_lease *leases, size_t count);

/**
 * All leases that #DHCPHA_ACTION_READ_LEASES asked for have been handed over.
 *
 * @param hub     The hub.
 * @param id      The id of the action.
 * @param status  #DHCPHA_OK, or why the store failed.
 * @retval DHCPHA_OK           Taken in.
 * @retval DHCPHA_ERR_UNKNOWN  Nothing with this id is being read.
 * @retval DHCPHA_ERR_NOMEM    Out of memory; an answer was lost.
 * @since 0.1.0
 */
DHCPHA_API dhcpha_status dhcpha_hub_leases_read_done(dhcpha_hub *hub, uint64_t id,
                                                     dhcpha_status status);

/**
 * What became of the leases of an #DHCPHA_ACTION_STORE_LEASES.
 *
 * @param hub      The hub.
 * @param id       The id of the action.
 * @param results  One for each lease, in order.  Read during the call, not kept.
 * @param count    How many; leases past it count as #DHCPHA_STORED_FAILED, so 0 means that all failed.
 * @retval DHCPHA_OK           Taken in.
 * @retval DHCPHA_ERR_UNKNOWN  Nothing with this id is being stored.
 * @retval DHCPHA_ERR_NOMEM    Out of memory; an answer was lost.
 * @since 0.1.0
 */
DHCPHA_API dhcpha_status dhcpha_hub_leases_stored(dhcpha_hub *hub, uint64_t id,
                                                  const dhcpha_stored *results, size_t count);

/**
 * Take the next action whose callback is NULL.
 *
 * @param hub  The hub.
 * @return The action, to be given to dhcpha_action_free(); NULL when there is none.
 * @since 0.1.0
 */
DHCPHA_API dhcpha_action *dhcpha_hub_next_action(dhcpha_hub *hub);

/**
 * How many relationships the hub has.
 * @param hub  The hub.
 * @return At least 1.
 * @since 0.1.0
 */
DHCPHA_API size_t dhcpha_hub_get_relationship_count(const dhcpha_hub *hub);

/**
 * The state of a relationship.
 * @param hub           The hub.
 * @param relationship  Its index.
 * @return Its state; #DHCPHA_STATE_NONE before the start and past the last.
 * @since 0.1.0
 */
DHCPHA_API dhcpha_state dhcpha_hub_get_state(const dhcpha_hub *hub, size_t relationship);

/**
 * The partner's state, as last heard.
 * @param hub           The hub.
 * @param relationship  Its index.
 * @return Its state; #DHCPHA_STATE_NONE before any result and past the last.
 * @since 0.1.0
 */
DHCPHA_API dhcpha_state dhcpha_hub_get_partner_state(const dhcpha_hub *hub,
                                                     size_t relationship);

/**
 * Whether the DHCP service is enabled.
 * @param hub  The hub.
 * @return true when no one has disabled it; of several relationships, for one of them at least.
 * @since 0.1.0
 */
DHCPHA_API bool dhcpha_hub_get_service(const dhcpha_hub *hub);

/**
 * The `high-availability` list for the answer to `status-get` (P1 5.9), in the form
 * #DHCPHA_STATUS_OWN.
 *
 * @param hub  The hub.
 * @return JSON text, valid until the next call of this function or dhcpha_hub_free(); NULL when
 *         memory ran out or the hub has not been started.
 * @since 0.1.0
 */
DHCPHA_API const char *dhcpha_hub_get_status(dhcpha_hub *hub);

/**
 * The same in the form of a version, for programs that know no newer one.
 *
 * @param hub   The hub.
 * @param form  Whose form.
 * @return As dhcpha_hub_get_status(), and valid until the next call of either.
 * @since 0.2.0
 */
DHCPHA_API const char *dhcpha_hub_get_status_as(dhcpha_hub *hub, dhcpha_status_form form);

/**
 * The names of the commands that the hub takes, for the host's answer to `list-commands`.
 *
 * Partners tell by that answer what they may send: list these beside your own.
 *
 * @param hub    The hub.
 * @param index  From 0, in no order.
 * @return A static text; NULL past the last.
 * @since 0.2.0
 */
DHCPHA_API const char *dhcpha_hub_get_command(const dhcpha_hub *hub, size_t index);

/**
 * Tell how lease updates fare on their way to one peer.
 *
 * @param hub           The hub.
 * @param relationship  From 0.
 * @param index         Of the peer, from 0, in ascending order of name, this server left out.
 * @param report        Filled in on success.
 * @retval DHCPHA_OK           Told.
 * @retval DHCPHA_ERR_UNKNOWN  There is no such relationship or peer.
 * @since 0.2.0
 */
DHCPHA_API dhcpha_status dhcpha_hub_get_queue(const dhcpha_hub *hub, size_t relationship,
                                              size_t index, dhcpha_queue_report *report);

/**
 * Say why a relationship is in its state, and what would have to happen to leave it.
 *
 * @param hub           The hub.
 * @param relationship  Its index.
 * @param explanation   Filled in.
 * @retval DHCPHA_OK           Filled in.
 * @retval DHCPHA_ERR_UNKNOWN  There is no such relationship.
 * @retval DHCPHA_ERR_STATE    The hub has not been started.
 * @since 0.1.0
 */
DHCPHA_API dhcpha_status dhcpha_hub_explain(dhcpha_hub *hub, size_t relationship,
                                            dhcpha_explanation *explanation);

/**
 * Read one counter.
 * @param hub      The hub.
 * @param counter  Which one.
 * @return Its value; 0 for a value that is no counter.
 * @since 0.1.0
 */
DHCPHA_API uint64_t dhcpha_hub_get_counter(const dhcpha_hub *hub, dhcpha_counter counter);

#ifdef __cplusplus
}
#endif
#endif
