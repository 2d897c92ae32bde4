# Tests.  Programs reach the core's internals through libdhcpha-core.la.
test_cppflags = $(AM_CPPFLAGS) -I$(top_srcdir)/libdhcpha -I$(top_srcdir)/tests \
	-DTEST_SOURCE_DIR='"$(abs_top_srcdir)"'
test_cflags = $(AM_CFLAGS) $(CHECK_CFLAGS)
test_ldadd = libdhcpha-core.la $(CHECK_LIBS)

include tests/support/local.mk
include tests/unit/base.mk
include tests/unit/rules.mk
include tests/unit/core.mk
include tests/scenarios/local.mk
include tests/oom/local.mk
include tests/stop/local.mk
include tests/fuzz/local.mk
include tests/vectors/local.mk
if WITH_HTTP
include tests/http/local.mk
endif
if WITH_EXAMPLES
include tests/dhcpd/local.mk
endif
include tests/dist/local.mk
include tests/bench/local.mk
include tests/interop/local.mk
