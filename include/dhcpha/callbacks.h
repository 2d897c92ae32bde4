/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/**
 * @file callbacks.h
 * How a hub acts on its host.
 */
#ifndef DHCPHA_CALLBACKS_H
#define DHCPHA_CALLBACKS_H

#include <dhcpha/action.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * How the hub acts on its host.
 *
 * Call any dhcpha function from these except dhcpha_hub_free(): actions that
 * follow wait their turn.  What a callback is handed is valid during the call.
 * A callback that returns anything but #DHCPHA_OK has failed, and what it was
 * to do counts as failed at once: do not report its outcome a second time.
 */
typedef struct dhcpha_callbacks {
  size_t size; /**< Set by dhcpha_callbacks_init(). */
  /** Read both clocks.  NULL: the host calls dhcpha_hub_set_time() before each event. */
  dhcpha_time (*clock)(void *user_data);
  /** Start sending and return at once.  Report the outcome later, or right here, with
   *  dhcpha_hub_command_answered() or dhcpha_hub_command_failed(). */
  dhcpha_status (*send_command)(uint64_t id, const char *peer, const char *url,
                                const char *json, size_t json_len, uint32_t timeout_ms,
                                void *user_data);
  /** Send the answer to a command that was received.  There is no outcome to report. */
  void (*answer_command)(uint64_t id, int http_status, const char *json, size_t json_len,
                         void *user_data);
  /** Enable or disable the DHCP service.  While it is disabled every query is dropped. */
  void (*set_service)(bool enabled, void *user_data);
  /** Read leases in ascending order of address.  Hand them over, in one part or many, here or
   *  later, with dhcpha_hub_leases_read(), and end with dhcpha_hub_leases_read_done(). */
  dhcpha_status (*leases_read)(uint64_t id, const dhcpha_lease_range *range, void *user_data);
  /** Change leases, and make the change durable.  Report what became of each, here or later,
   *  with dhcpha_hub_leases_stored().  With #DHCPHA_LEASE_PUT and #DHCPHA_LEASE_PUT_EXISTING a
   *  DHCPv6 lease in state registered is not overwritten by one in another state, nor the other
   *  way: that is #DHCPHA_STORED_REFUSED. */
  dhcpha_status (*leases_store)(uint64_t id, const dhcpha_lease_batch *leases,
                                void *user_data);
  /** Send the answer to a parked query, or drop it. */
  void (*release_query)(uint64_t query_id, bool send, void *user_data);
  /** Something worth telling.  Where it is NULL and send_command is not, nothing is told. */
  void (*log)(dhcpha_level level, const char *message_id, const char *text, void *user_data);
} dhcpha_callbacks;

/** Start from no callbacks at all: the host pulls every action.
 *  @param callbacks  Filled in. */
static inline void dhcpha_callbacks_init(dhcpha_callbacks *callbacks) {
  callbacks->size = sizeof *callbacks;
  callbacks->clock = NULL;
  callbacks->send_command = NULL;
  callbacks->answer_command = NULL;
  callbacks->set_service = NULL;
  callbacks->leases_read = NULL;
  callbacks->leases_store = NULL;
  callbacks->release_query = NULL;
  callbacks->log = NULL;
}

#ifdef __cplusplus
}
#endif
#endif
