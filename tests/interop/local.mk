# Tests with real servers: not part of "make check", as they need root; see ./check.
EXTRA_DIST += %D%/run.py %D%/matrix.py %D%/netns.py %D%/suites.py %D%/families.py %D%/servers.py \
	%D%/commands.py %D%/dhcp.py %D%/dhcp6.py %D%/clients.py %D%/pair.py %D%/journey.py \
	%D%/test_admin.py %D%/test_dhcpv6.py %D%/test_failover.py %D%/test_hostile.py \
	%D%/test_journeys.py \
	%D%/test_load_balancing.py %D%/test_startup.py %D%/test_sync.py %D%/test_updates.py

# Against Kea 2.2, 2.6 and 3.0, with a matrix of who passed what; installs what it needs.
interop-all: dhcpha-dhcpd$(EXEEXT)
	PYTHONDONTWRITEBYTECODE=1 python3 $(top_srcdir)/%D%/matrix.py \
	  --dhcpd $(abs_top_builddir)/dhcpha-dhcpd$(EXEEXT)

# As a file to distribute it would be taken for the target that runs the tests.
dist-hook:
	cp -p $(srcdir)/check $(distdir)/check
