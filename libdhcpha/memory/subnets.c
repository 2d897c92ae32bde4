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

static void release(const dhcpha_allocator *allocator, dhcpha_subnet *list, size_t count) {
  for (size_t i = 0; list != NULL && i < count; i++)
    dhcpha_release(allocator, (char *)(uintptr_t)list[i].server_name);
  dhcpha_release(allocator, list);
}

void dhcpha_subnets_free(dhcpha_subnets *subnets) {
  release(subnets->allocator, subnets->subnets, subnets->count);
  subnets->subnets = NULL;
  subnets->count = 0;
}

static int compare_ids(const void *a, const void *b) {
  const dhcpha_subnet *left = a;
  const dhcpha_subnet *right = b;
  return left->id < right->id ? -1 : left->id > right->id;
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

dhcpha_status dhcpha_subnets_set(dhcpha_subnets *subnets, const dhcpha_subnet *given,
                                 size_t count) {
  dhcpha_subnet *list = dhcpha_allocate(subnets->allocator, count, sizeof(dhcpha_subnet));
  dhcpha_status status = list == NULL ? DHCPHA_ERR_NOMEM : DHCPHA_OK;
  for (size_t i = 0; i < count && status == DHCPHA_OK; i++) {
    const char *bytes = (const char *)given + i * given->size; /* the caller's own stride */
    status = copy(subnets->allocator, &list[i], (const void *)bytes);
  }
  if (status == DHCPHA_OK) {
    qsort(list, count, sizeof(dhcpha_subnet), compare_ids);
    for (size_t i = 1; i < count; i++)
      if (list[i].id == list[i - 1].id) status = DHCPHA_ERR_ARGUMENT;
  }
  if (status != DHCPHA_OK) {
    release(subnets->allocator, list, count);
    return status;
  }
  dhcpha_subnets_free(subnets);
  subnets->subnets = list;
  subnets->count = count;
  return DHCPHA_OK;
}

const dhcpha_subnet *dhcpha_subnets_find(const dhcpha_subnets *subnets, uint32_t id) {
  dhcpha_subnet wanted;
  if (subnets->count == 0) return NULL;
  wanted.id = id;
  return bsearch(&wanted, subnets->subnets, subnets->count, sizeof(dhcpha_subnet), compare_ids);
}

const dhcpha_subnet *dhcpha_subnets_find_address(const dhcpha_subnets *subnets,
                                                 const dhcpha_address *address) {
  for (size_t i = 0; i < subnets->count; i++)
    if (dhcpha_address_in_prefix(address, &subnets->subnets[i].prefix,
                                 subnets->subnets[i].prefix_len))
      return &subnets->subnets[i];
  return NULL;
}

static bool is_of(const dhcpha_subnet *subnet, const dhcpha_relationship *relationship) {
  if (subnet->server_name == NULL) return false;
  for (size_t i = 0; i < relationship->peer_count; i++)
    if (strcmp(subnet->server_name, relationship->peers[i]->name) == 0) return true;
  return false;
}

bool dhcpha_subnets_have_filter(const dhcpha_subnets *subnets,
                                const dhcpha_relationship *relationship) {
  for (size_t i = 0; i < subnets->count; i++)
    if (is_of(&subnets->subnets[i], relationship)) return true;
  return false;
}

bool dhcpha_subnets_belong(const dhcpha_subnets *subnets,
                           const dhcpha_relationship *relationship, uint32_t id) {
  const dhcpha_subnet *subnet = dhcpha_subnets_find(subnets, id);
  return subnet != NULL && is_of(subnet, relationship);
}
