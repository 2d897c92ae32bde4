# Tests with real servers: not part of "make check", as they need root; see ./check.
EXTRA_DIST += %D%/run.py %D%/netns.py %D%/servers.py %D%/commands.py %D%/dhcp.py \
	%D%/clients.py %D%/pair.py %D%/test_admin.py %D%/test_failover.py %D%/test_hostile.py \
	%D%/test_load_balancing.py %D%/test_startup.py %D%/test_sync.py %D%/test_updates.py

# As a file to distribute it would be taken for the target that runs the tests.
dist-hook:
	cp -p $(srcdir)/check $(distdir)/check
