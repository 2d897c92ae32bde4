# The dhcpd part of the tests.
