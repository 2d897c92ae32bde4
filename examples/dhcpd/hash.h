/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/*
 * hash: SipHash-2-4, so that no client can choose identifiers that all fall into one bucket.
 */
#ifndef DHCPD_HASH_H
#define DHCPD_HASH_H

#include <stddef.h>
#include <stdint.h>

/* Take a new secret from the system.  Once, before the first hash. */
void hash_seed(void);

/* TWEAK tells apart equal bytes that mean different things: a subnet, a kind of identifier. */
uint64_t hash_bytes(uint64_t tweak, const void *bytes, size_t len);

#endif
