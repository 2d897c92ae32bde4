/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/*
 * failing_allocator: counts what the library allocates, and fails where it is told to.
 */
#ifndef TESTS_SUPPORT_FAILING_ALLOCATOR_H
#define TESTS_SUPPORT_FAILING_ALLOCATOR_H

#include <dhcpha/types.h>

typedef struct failing_allocator {
  uint64_t requests;   /* calls of allocate and reallocate so far */
  uint64_t fail_from;  /* the request that fails, from 1; 0: none does */
  uint64_t fail_count; /* how many fail in a row */
  uint64_t failed;     /* how many did */
  int64_t live;        /* blocks not yet released */
} failing_allocator;

dhcpha_allocator failing_allocator_hooks(failing_allocator *counts);

#endif
