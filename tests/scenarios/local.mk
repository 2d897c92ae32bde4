# Scenarios in virtual time: commands, "----", what must appear.  REWRITE=1 writes what did.
EXTRA_PROGRAMS += tests/scenarios/run_scenarios
check_LTLIBRARIES += tests/scenarios/libscenario.la
tests_scenarios_libscenario_la_CPPFLAGS = $(test_cppflags)
tests_scenarios_libscenario_la_CFLAGS = $(test_cflags)
tests_scenarios_libscenario_la_SOURCES = \
	%D%/scenario.c %D%/scenario.h %D%/scenario_commands.c
tests_scenarios_run_scenarios_CPPFLAGS = $(test_cppflags)
tests_scenarios_run_scenarios_CFLAGS = $(test_cflags)
tests_scenarios_run_scenarios_SOURCES = %D%/run_scenarios.c
tests_scenarios_run_scenarios_LDADD = \
	tests/scenarios/libscenario.la tests/support/libsupport.la $(test_ldadd)

TXT_LOG_COMPILER = tests/scenarios/run_scenarios

scenario_files =
EXTRA_DIST += $(scenario_files)
TESTS += $(scenario_files)
