# The scenarios again, with a server stopped at the nth event.
check_PROGRAMS += tests/stop/check_stop
tests_stop_check_stop_CPPFLAGS = $(test_cppflags)
tests_stop_check_stop_CFLAGS = $(test_cflags)
tests_stop_check_stop_SOURCES = %D%/check_stop.c
tests_stop_check_stop_LDADD = \
	tests/scenarios/libscenario.la tests/support/libsupport.la $(test_ldadd)
TESTS += tests/stop/check_stop
