/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
#include "memory/subnets.h"

#include "base/allocator.h"
#include "dhcp/address.h"

#include <stdlib.h>
#include <string.h>

void dhcpha_subnets_init(dhcpha_subnets *subnets, const dhcpha_allocator *allocator) {
  memset(subnets, 0, sizeof *subnets);
  subnets->allocator = allocator;
}

static void release(dhcpha_subnets *subnets) {
  for (size_t i = 0; subnets->subnets != NULL && i < subnets->count; i++)
    dhcpha_release(subnets->allocator, (char *)(uintptr_t)subnets->subnets[i].subnet.server_name);
  dhcpha_release(subnets->allocator, subnets->subnets);
  dhcpha_release(subnets->allocator, subnets->bound);
}

void dhcpha_subnets_free(dhcpha_subnets *subnets) {
  release(subnets);
  dhcpha_subnets_init(subnets, subnets->allocator);
}

static int compare_ids(const void *a, const void *b) {
  const dhcpha_known_subnet *left = a;
  const dhcpha_known_subnet *right = b;
  return left->subnet.id < right->subnet.id ? -1 : left->subnet.id > right->subnet.id;
}

static dhcpha_status copy(const dhcpha_allocator *allocator, dhcpha_subnet *to,
                          const dhcpha_subnet *from) {
  if (from->id == 0 || (from->prefix.family != 4 && from->prefix.family != 6))
    return DHCPHA_ERR_ARGUMENT;
  if (from->prefix_len > (from->prefix.family == 4 ? 32 : 128)) return DHCPHA_ERR_ARGUMENT;
  memcpy(to, from, from->size < sizeof *to ? from->size : sizeof *to);
  to->server_name = NULL;
  if (from->server_name == NULL) return DHCPHA_OK;
  to->server_name = dhcpha_copy_text(allocator, from->server_name, strlen(from->server_name));
  return to->server_name == NULL ? DHCPHA_ERR_NOMEM : DHCPHA_OK;
}

/* P1 1.12: any peer name of a relationship selects it. */
static void bind(dhcpha_subnets *subnets, const dhcpha_config *config,
                 dhcpha_known_subnet *known) {
  const char *name = known->subnet.server_name;
  known->relationship = DHCPHA_UNBOUND;
  if (name != NULL && dhcpha_config_find_peer(config, name, strlen(name), &known->relationship))
    subnets->bound[known->relationship] = true;
}

static dhcpha_status fill(dhcpha_subnets *subnets, const dhcpha_config *config,
                          const dhcpha_subnet *given) {
  for (size_t i = 0; i < subnets->count; i++) {
    const char *bytes = (const char *)given + i * given->size; /* the caller's own stride */
    dhcpha_status status =
        copy(subnets->allocator, &subnets->subnets[i].subnet, (const void *)bytes);
    if (status != DHCPHA_OK) return status;
    bind(subnets, config, &subnets->subnets[i]);
  }
  qsort(subnets->subnets, subnets->count, sizeof(dhcpha_known_subnet), compare_ids);
  for (size_t i = 1; i < subnets->count; i++)
    if (subnets->subnets[i].subnet.id == subnets->subnets[i - 1].subnet.id)
      return DHCPHA_ERR_ARGUMENT;
  return DHCPHA_OK;
}

dhcpha_status dhcpha_subnets_set(dhcpha_subnets *subnets, const dhcpha_config *config,
                                 const dhcpha_subnet *given, size_t count) {
  dhcpha_subnets made = {.allocator = subnets->allocator, .count = count};
  made.subnets = dhcpha_allocate(made.allocator, count, sizeof(dhcpha_known_subnet));
  made.bound =
      dhcpha_allocate(made.allocator, dhcpha_config_get_relationship_count(config), sizeof(bool));
  dhcpha_status status = made.subnets == NULL || made.bound == NULL ? DHCPHA_ERR_NOMEM : DHCPHA_OK;
  if (status == DHCPHA_OK) status = fill(&made, config, given);
  if (status != DHCPHA_OK) {
    release(&made);
    return status;
  }
  release(subnets);
  *subnets = made;
  return DHCPHA_OK;
}

static const dhcpha_known_subnet *find(const dhcpha_subnets *subnets, uint32_t id) {
  dhcpha_known_subnet wanted;
  if (subnets->count == 0) return NULL;
  wanted.subnet.id = id;
  return bsearch(&wanted, subnets->subnets, subnets->count, sizeof wanted, compare_ids);
}

const dhcpha_subnet *dhcpha_subnets_find(const dhcpha_subnets *subnets, uint32_t id) {
  const dhcpha_known_subnet *found = find(subnets, id);
  return found == NULL ? NULL : &found->subnet;
}

const dhcpha_subnet *dhcpha_subnets_find_address(const dhcpha_subnets *subnets,
                                                 const dhcpha_address *address) {
  for (size_t i = 0; i < subnets->count; i++) {
    const dhcpha_subnet *subnet = &subnets->subnets[i].subnet;
    if (dhcpha_address_in_prefix(address, &subnet->prefix, subnet->prefix_len)) return subnet;
  }
  return NULL;
}

size_t dhcpha_subnets_get_relationship(const dhcpha_subnets *subnets, uint32_t id) {
  const dhcpha_known_subnet *found = find(subnets, id);
  return found == NULL ? DHCPHA_UNBOUND : found->relationship;
}

size_t dhcpha_subnets_count_unbound(const dhcpha_subnets *subnets) {
  size_t unbound = 0;
  for (size_t i = 0; i < subnets->count; i++)
    unbound += subnets->subnets[i].relationship == DHCPHA_UNBOUND;
  return unbound;
}

bool dhcpha_subnets_have_filter(const dhcpha_subnets *subnets, size_t relationship) {
  return subnets->bound != NULL && subnets->bound[relationship];
}
