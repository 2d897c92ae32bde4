# The tests of dhcpha-dhcpd.  They reach its modules through libdhcpd.la.
dhcpd_test_cppflags = $(dhcpd_cppflags) -I$(top_srcdir)/examples/dhcpd
dhcpd_test_cflags = $(dhcpd_cflags) $(CHECK_CFLAGS)
dhcpd_test_ldadd = libdhcpd.la $(dhcpd_libs) $(CHECK_LIBS)

TESTS += tests/dhcpd/check_command_line.sh
EXTRA_DIST += tests/dhcpd/check_command_line.sh

check_PROGRAMS += tests/dhcpd/check_packet4
TESTS += tests/dhcpd/check_packet4
tests_dhcpd_check_packet4_SOURCES = %D%/check_packet4.c %D%/dhcpd.h
tests_dhcpd_check_packet4_CPPFLAGS = $(dhcpd_test_cppflags)
tests_dhcpd_check_packet4_CFLAGS = $(dhcpd_test_cflags)
tests_dhcpd_check_packet4_LDADD = $(dhcpd_test_ldadd)

check_PROGRAMS += tests/dhcpd/check_config4
TESTS += tests/dhcpd/check_config4
tests_dhcpd_check_config4_SOURCES = %D%/check_config4.c %D%/dhcpd.h %D%/told.h
tests_dhcpd_check_config4_CPPFLAGS = $(dhcpd_test_cppflags)
tests_dhcpd_check_config4_CFLAGS = $(dhcpd_test_cflags)
tests_dhcpd_check_config4_LDADD = $(dhcpd_test_ldadd)

check_PROGRAMS += tests/dhcpd/check_store
TESTS += tests/dhcpd/check_store
tests_dhcpd_check_store_SOURCES = %D%/check_store.c %D%/dhcpd.h
tests_dhcpd_check_store_CPPFLAGS = $(dhcpd_test_cppflags)
tests_dhcpd_check_store_CFLAGS = $(dhcpd_test_cflags)
tests_dhcpd_check_store_LDADD = $(dhcpd_test_ldadd)

check_PROGRAMS += tests/dhcpd/check_serve4
TESTS += tests/dhcpd/check_serve4
tests_dhcpd_check_serve4_SOURCES = %D%/check_serve4.c %D%/dhcpd.h %D%/fixture.h
tests_dhcpd_check_serve4_CPPFLAGS = $(dhcpd_test_cppflags)
tests_dhcpd_check_serve4_CFLAGS = $(dhcpd_test_cflags)
tests_dhcpd_check_serve4_LDADD = $(dhcpd_test_ldadd)

check_PROGRAMS += tests/dhcpd/check_packet6
TESTS += tests/dhcpd/check_packet6
tests_dhcpd_check_packet6_SOURCES = %D%/check_packet6.c %D%/dhcpd.h %D%/message6.h
tests_dhcpd_check_packet6_CPPFLAGS = $(dhcpd_test_cppflags)
tests_dhcpd_check_packet6_CFLAGS = $(dhcpd_test_cflags)
tests_dhcpd_check_packet6_LDADD = $(dhcpd_test_ldadd)

check_PROGRAMS += tests/dhcpd/check_config6
TESTS += tests/dhcpd/check_config6
tests_dhcpd_check_config6_SOURCES = %D%/check_config6.c %D%/dhcpd.h %D%/message6.h %D%/told.h
tests_dhcpd_check_config6_CPPFLAGS = $(dhcpd_test_cppflags)
tests_dhcpd_check_config6_CFLAGS = $(dhcpd_test_cflags)
tests_dhcpd_check_config6_LDADD = $(dhcpd_test_ldadd)

check_PROGRAMS += tests/dhcpd/check_pool
TESTS += tests/dhcpd/check_pool
tests_dhcpd_check_pool_SOURCES = %D%/check_pool.c %D%/dhcpd.h %D%/message6.h
tests_dhcpd_check_pool_CPPFLAGS = $(dhcpd_test_cppflags)
tests_dhcpd_check_pool_CFLAGS = $(dhcpd_test_cflags)
tests_dhcpd_check_pool_LDADD = $(dhcpd_test_ldadd)

check_PROGRAMS += tests/dhcpd/check_select6
TESTS += tests/dhcpd/check_select6
tests_dhcpd_check_select6_SOURCES = %D%/check_select6.c %D%/dhcpd.h %D%/message6.h
tests_dhcpd_check_select6_CPPFLAGS = $(dhcpd_test_cppflags)
tests_dhcpd_check_select6_CFLAGS = $(dhcpd_test_cflags)
tests_dhcpd_check_select6_LDADD = $(dhcpd_test_ldadd)

check_PROGRAMS += tests/dhcpd/check_serve6
TESTS += tests/dhcpd/check_serve6
tests_dhcpd_check_serve6_SOURCES = %D%/check_serve6.c %D%/dhcpd.h %D%/fixture.h %D%/message6.h
tests_dhcpd_check_serve6_CPPFLAGS = $(dhcpd_test_cppflags)
tests_dhcpd_check_serve6_CFLAGS = $(dhcpd_test_cflags)
tests_dhcpd_check_serve6_LDADD = $(dhcpd_test_ldadd)
