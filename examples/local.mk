# The examples, one folder each.
include examples/dhcpd/local.mk
