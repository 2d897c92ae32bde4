/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/*
 * allocator: the allocator hooks; every allocation passes here.
 * Floor: base.
 */
#ifndef DHCPHA_BASE_ALLOCATOR_H
#define DHCPHA_BASE_ALLOCATOR_H

#include <dhcpha/types.h>

/* A copy of the caller's hooks with none left NULL; libc's for NULL or for missing functions. */
dhcpha_allocator dhcpha_allocator_resolve(const dhcpha_allocator *hooks);

/* Zeroed memory, or NULL.  count * size may not overflow: it gives NULL. */
void *dhcpha_allocate(const dhcpha_allocator *allocator, size_t count, size_t size);
void *dhcpha_reallocate(const dhcpha_allocator *allocator, void *memory, size_t count,
                        size_t size);
char *dhcpha_copy_text(const dhcpha_allocator *allocator, const char *text, size_t len);
void dhcpha_release(const dhcpha_allocator *allocator, void *memory);

#endif
