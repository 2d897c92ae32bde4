# dhcpha-dhcpd.
