# Unit tests of the rules modules.

# names, messages, configuration
check_PROGRAMS += tests/unit/check_names
TESTS += tests/unit/check_names
tests_unit_check_names_SOURCES = %D%/check_names.c
tests_unit_check_names_CPPFLAGS = $(test_cppflags)
tests_unit_check_names_CFLAGS = $(test_cflags)
tests_unit_check_names_LDADD = $(test_ldadd)

check_PROGRAMS += tests/unit/check_messages
TESTS += tests/unit/check_messages
tests_unit_check_messages_SOURCES = %D%/check_messages.c tests/support/failing_allocator.c
tests_unit_check_messages_CPPFLAGS = $(test_cppflags)
tests_unit_check_messages_CFLAGS = $(test_cflags)
tests_unit_check_messages_LDADD = $(test_ldadd)

check_PROGRAMS += tests/unit/check_url
TESTS += tests/unit/check_url
tests_unit_check_url_SOURCES = %D%/check_url.c
tests_unit_check_url_CPPFLAGS = $(test_cppflags)
tests_unit_check_url_CFLAGS = $(test_cflags)
tests_unit_check_url_LDADD = $(test_ldadd)

check_PROGRAMS += tests/unit/check_config
TESTS += tests/unit/check_config
tests_unit_check_config_SOURCES = %D%/check_config.c tests/support/failing_allocator.c
tests_unit_check_config_CPPFLAGS = $(test_cppflags)
tests_unit_check_config_CFLAGS = $(test_cflags)
tests_unit_check_config_LDADD = $(test_ldadd)

check_PROGRAMS += tests/unit/check_configurations
TESTS += tests/unit/check_configurations
tests_unit_check_configurations_SOURCES = %D%/check_configurations.c
tests_unit_check_configurations_CPPFLAGS = $(test_cppflags)
tests_unit_check_configurations_CFLAGS = $(test_cflags)
tests_unit_check_configurations_LDADD = $(test_ldadd)
EXTRA_DIST += \
	tests/tables/configurations.txt \
	tests/tables/kea_configurations.txt \
	tests/tables/secrets/colon.txt \
	tests/tables/secrets/empty.txt \
	tests/tables/secrets/long.txt \
	tests/tables/secrets/longest.txt \
	tests/tables/secrets/password.txt \
	tests/tables/secrets/unended.txt \
	tests/tables/secrets/user.txt \
	tests/tables/secrets/zero.txt
