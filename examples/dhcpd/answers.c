/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
#include "answers.h"

#include <stdlib.h>
#include <string.h>

void changes_free(struct changes *changes) {
  for (size_t i = 0; i < changes->deleted_count; i++) free(changes->deleted[i]);
  changes->leased_count = changes->deleted_count = 0;
}

bool changes_add_leased(struct changes *changes, struct lease_id id) {
  if (changes->leased_count == ANSWER_LEASES_MAX) return false;
  changes->leased[changes->leased_count++] = id;
  return true;
}

bool changes_add_deleted(struct changes *changes, const dhcpha_lease *lease) {
  if (changes->deleted_count == ANSWER_LEASES_MAX) return false;
  struct lease_entry *copy = lease_entry_new(lease);
  if (copy == NULL) return false;
  changes->deleted[changes->deleted_count++] = copy;
  return true;
}

struct answer *answers_take(struct answers *answers) {
  struct answer *answer = answers->unused;
  if (answer != NULL) {
    answers->unused = answer->next;
  } else {
    if (answers->made == ANSWERS_MAX || (answer = malloc(sizeof *answer)) == NULL) return NULL;
    answer->number = (uint32_t)answers->made;
    answers->all[answers->made++] = answer;
  }
  answer->id = ++answers->turns * ANSWERS_MAX + answer->number;
  answer->next = NULL;
  answer->len = 0;
  answer->changes.leased_count = answer->changes.deleted_count = 0;
  answers->waiting++;
  return answer;
}

void answers_give_back(struct answers *answers, struct answer *answer) {
  changes_free(&answer->changes);
  answer->id = 0;
  answer->next = answers->unused;
  answers->unused = answer;
  answers->waiting--;
}

struct answer *answers_find(const struct answers *answers, uint64_t id) {
  size_t number = id % ANSWERS_MAX;
  struct answer *answer = number < answers->made ? answers->all[number] : NULL;
  return answer != NULL && answer->id == id && id != 0 ? answer : NULL;
}

void answers_free(struct answers *answers) {
  for (size_t i = 0; i < answers->made; i++) {
    if (answers->all[i]->id != 0) changes_free(&answers->all[i]->changes);
    free(answers->all[i]);
  }
  memset(answers, 0, sizeof *answers);
}

void answer_keep_query(struct answer *answer, const dhcpha_query *query) {
  answer->type = query->type;
  answer->secs = query->secs;
  answer->elapsed = query->elapsed;
  answer->has_elapsed = query->has_elapsed;
  answer->hw_address_len = (uint8_t)query->hw_address_len;
  if (query->hw_address_len > 0)
    memcpy(answer->hw_address, query->hw_address, query->hw_address_len);
  answer->client_id_len = (uint16_t)query->client_id_len;
  if (query->client_id_len > 0) memcpy(answer->client_id, query->client_id, query->client_id_len);
  answer->server_name = query->server_name;
}

void answer_get_query(const struct answer *answer, dhcpha_query *query) {
  dhcpha_query_init(query);
  query->type = answer->type;
  query->secs = answer->secs;
  query->elapsed = answer->elapsed;
  query->has_elapsed = answer->has_elapsed;
  query->hw_address = answer->hw_address;
  query->hw_address_len = answer->hw_address_len;
  query->client_id = answer->client_id;
  query->client_id_len = answer->client_id_len;
  query->server_name = answer->server_name;
}
