# The scenarios again, failing the nth allocation.
check_PROGRAMS += tests/oom/check_oom
tests_oom_check_oom_CPPFLAGS = $(test_cppflags)
tests_oom_check_oom_CFLAGS = $(test_cflags)
tests_oom_check_oom_SOURCES = %D%/check_oom.c
tests_oom_check_oom_LDADD = \
	tests/scenarios/libscenario.la tests/support/libsupport.la $(test_ldadd)
TESTS += tests/oom/check_oom
