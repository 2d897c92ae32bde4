# Unit tests of the core modules.

check_PROGRAMS += tests/unit/check_state_table
TESTS += tests/unit/check_state_table
tests_unit_check_state_table_SOURCES = %D%/check_state_table.c
tests_unit_check_state_table_CPPFLAGS = $(test_cppflags)
tests_unit_check_state_table_CFLAGS = $(test_cflags)
tests_unit_check_state_table_LDADD = $(test_ldadd)
