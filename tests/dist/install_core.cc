/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/* A stranger's program in C++: the same names link. */
#include <dhcpha/dhcpha.h>

#include <cstring>
#include <iostream>
#include <memory>

int main() {
  dhcpha_config *config = nullptr;
  dhcpha_messages *messages = nullptr;
  const char *text = "[]";
  dhcpha_status status = dhcpha_config_parse(DHCPHA_DHCP4, text, std::strlen(text), nullptr,
                                             &config, &messages);
  std::unique_ptr<dhcpha_messages, void (*)(dhcpha_messages *)> owner(messages,
                                                                      dhcpha_messages_free);
  if (status != DHCPHA_ERR_CONFIG || dhcpha_messages_get_count(messages) == 0) return 1;
  std::cout << dhcpha_strerror(status) << ": " << dhcpha_messages_get_text(messages, 0) << "\n";
  return 0;
}
