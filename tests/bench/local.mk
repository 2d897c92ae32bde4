# The bench: `make bench`, or one group of it: `make bench BENCH=sync`.  It asserts nothing about
# times, it prints them.  The programs use what the shared libraries export, nothing else.
bench_cppflags = $(AM_CPPFLAGS) -I$(top_srcdir)/tests
bench_programs = %D%/bench_verdict %D%/bench_update %D%/bench_hub
if WITH_HTTP
bench_programs += %D%/bench_sync %D%/bench_failover %D%/bench_flush
endif
EXTRA_PROGRAMS += %D%/bench_verdict %D%/bench_update %D%/bench_hub %D%/bench_sync \
	%D%/bench_failover %D%/bench_flush
CLEANFILES += $(EXTRA_PROGRAMS)
EXTRA_DIST += %D%/run.py %D%/pairs.py %D%/dora.py

bench_shared = %D%/bench.h %D%/bench.c
bench_partner = %D%/partner.h %D%/partner.c
bench_node = %D%/node.h %D%/node.c %D%/leases.h %D%/leases.c

tests_bench_bench_verdict_SOURCES = %D%/bench_verdict.c $(bench_partner) $(bench_shared)
tests_bench_bench_verdict_CPPFLAGS = $(bench_cppflags)
tests_bench_bench_verdict_LDADD = libdhcpha.la

tests_bench_bench_update_SOURCES = %D%/bench_update.c $(bench_partner) $(bench_shared)
tests_bench_bench_update_CPPFLAGS = $(bench_cppflags)
tests_bench_bench_update_LDADD = libdhcpha.la

tests_bench_bench_hub_SOURCES = %D%/bench_hub.c $(bench_shared)
tests_bench_bench_hub_CPPFLAGS = $(bench_cppflags)
tests_bench_bench_hub_LDADD = libdhcpha.la

tests_bench_bench_sync_SOURCES = %D%/bench_sync.c $(bench_node) $(bench_shared)
tests_bench_bench_sync_CPPFLAGS = $(bench_cppflags)
tests_bench_bench_sync_LDADD = libdhcpha-http.la libdhcpha.la

tests_bench_bench_failover_SOURCES = %D%/bench_failover.c $(bench_node) $(bench_shared)
tests_bench_bench_failover_CPPFLAGS = $(bench_cppflags)
tests_bench_bench_failover_LDADD = libdhcpha-http.la libdhcpha.la

tests_bench_bench_flush_SOURCES = %D%/bench_flush.c %D%/plain_client.h %D%/plain_client.c \
	$(bench_node) $(bench_shared)
tests_bench_bench_flush_CPPFLAGS = $(bench_cppflags)
tests_bench_bench_flush_LDADD = libdhcpha-http.la libdhcpha.la

bench: $(bench_programs) all
	@PYTHONDONTWRITEBYTECODE=1 python3 $(srcdir)/tests/bench/run.py --build $(abs_builddir) $(BENCH)
