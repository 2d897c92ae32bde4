/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/* What embed.c expects of the DHCP server around it. */
#ifndef EMBED_HOST_H
#define EMBED_HOST_H

#include <dhcpha/dhcpha.h>

dhcpha_time host_clock(void);
bool host_is_running(void);
int host_wait_ms(int64_t expiry, int timeout_ms); /* the sooner of the two, from now; -1: none */
void host_perform(dhcpha_hub *hub, const dhcpha_action *action);
bool host_make_lease(const uint8_t *packet, size_t len, dhcpha_lease *lease); /* and store it */
void host_send_answer(uint64_t query_id);
void host_drop_answer(uint64_t query_id);

/* embed.c and serve.c, for their host. */
dhcpha_status embed_run(const dhcpha_config *config, const dhcpha_relationship *pair);
void embed_serve(dhcpha_hub *hub, uint64_t query_id, const uint8_t *packet, size_t len);

#endif
