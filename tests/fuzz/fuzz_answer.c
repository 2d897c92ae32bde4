/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/* Any lines as answers of the peers to whatever is in flight: see player.h. */
#include "fuzz/player.h"

static void target(fuzz_run *run, const uint8_t *data, size_t len) {
  fuzz_play_hub(run, '<', data, len);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len) {
  fuzz_play(target, data, len);
  return 0;
}
