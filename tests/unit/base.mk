# Unit tests of the base modules.
unit_base_ldadd = tests/support/libsupport.la $(test_ldadd)

check_PROGRAMS += tests/unit/check_status
TESTS += tests/unit/check_status
tests_unit_check_status_SOURCES = %D%/check_status.c %D%/unit.h
tests_unit_check_status_CPPFLAGS = $(test_cppflags)
tests_unit_check_status_CFLAGS = $(test_cflags)
tests_unit_check_status_LDADD = $(unit_base_ldadd)

check_PROGRAMS += tests/unit/check_deadline
TESTS += tests/unit/check_deadline
tests_unit_check_deadline_SOURCES = %D%/check_deadline.c %D%/unit.h
tests_unit_check_deadline_CPPFLAGS = $(test_cppflags)
tests_unit_check_deadline_CFLAGS = $(test_cflags)
tests_unit_check_deadline_LDADD = $(unit_base_ldadd)

check_PROGRAMS += tests/unit/check_alarms
TESTS += tests/unit/check_alarms
tests_unit_check_alarms_SOURCES = %D%/check_alarms.c %D%/unit.h
tests_unit_check_alarms_CPPFLAGS = $(test_cppflags)
tests_unit_check_alarms_CFLAGS = $(test_cflags)
tests_unit_check_alarms_LDADD = $(unit_base_ldadd)

check_PROGRAMS += tests/unit/check_buffer
TESTS += tests/unit/check_buffer
tests_unit_check_buffer_SOURCES = %D%/check_buffer.c %D%/unit.h
tests_unit_check_buffer_CPPFLAGS = $(test_cppflags)
tests_unit_check_buffer_CFLAGS = $(test_cflags)
tests_unit_check_buffer_LDADD = $(unit_base_ldadd)

check_PROGRAMS += tests/unit/check_arena
TESTS += tests/unit/check_arena
tests_unit_check_arena_SOURCES = %D%/check_arena.c %D%/unit.h
tests_unit_check_arena_CPPFLAGS = $(test_cppflags)
tests_unit_check_arena_CFLAGS = $(test_cflags)
tests_unit_check_arena_LDADD = $(unit_base_ldadd)

check_PROGRAMS += tests/unit/check_byte_map
TESTS += tests/unit/check_byte_map
tests_unit_check_byte_map_SOURCES = %D%/check_byte_map.c %D%/unit.h
tests_unit_check_byte_map_CPPFLAGS = $(test_cppflags)
tests_unit_check_byte_map_CFLAGS = $(test_cflags)
tests_unit_check_byte_map_LDADD = $(unit_base_ldadd)

check_PROGRAMS += tests/unit/check_http_date
TESTS += tests/unit/check_http_date
tests_unit_check_http_date_SOURCES = %D%/check_http_date.c %D%/unit.h
tests_unit_check_http_date_CPPFLAGS = $(test_cppflags)
tests_unit_check_http_date_CFLAGS = $(test_cflags)
tests_unit_check_http_date_LDADD = $(unit_base_ldadd)

check_PROGRAMS += tests/unit/check_json
TESTS += tests/unit/check_json
tests_unit_check_json_SOURCES = %D%/check_json.c %D%/unit.h
tests_unit_check_json_CPPFLAGS = $(test_cppflags)
tests_unit_check_json_CFLAGS = $(test_cflags)
tests_unit_check_json_LDADD = $(unit_base_ldadd)

check_PROGRAMS += tests/unit/check_address
TESTS += tests/unit/check_address
tests_unit_check_address_SOURCES = %D%/check_address.c %D%/unit.h
tests_unit_check_address_CPPFLAGS = $(test_cppflags)
tests_unit_check_address_CFLAGS = $(test_cflags)
tests_unit_check_address_LDADD = $(unit_base_ldadd)

check_PROGRAMS += tests/unit/check_client_id
TESTS += tests/unit/check_client_id
tests_unit_check_client_id_SOURCES = %D%/check_client_id.c %D%/unit.h
tests_unit_check_client_id_CPPFLAGS = $(test_cppflags)
tests_unit_check_client_id_CFLAGS = $(test_cflags)
tests_unit_check_client_id_LDADD = $(unit_base_ldadd)

check_PROGRAMS += tests/unit/check_rfc3074
TESTS += tests/unit/check_rfc3074
tests_unit_check_rfc3074_SOURCES = %D%/check_rfc3074.c %D%/unit.h
tests_unit_check_rfc3074_CPPFLAGS = $(test_cppflags)
tests_unit_check_rfc3074_CFLAGS = $(test_cflags)
tests_unit_check_rfc3074_LDADD = $(unit_base_ldadd)

check_PROGRAMS += tests/unit/check_query
TESTS += tests/unit/check_query
tests_unit_check_query_SOURCES = %D%/check_query.c %D%/unit.h
tests_unit_check_query_CPPFLAGS = $(test_cppflags)
tests_unit_check_query_CFLAGS = $(test_cflags)
tests_unit_check_query_LDADD = $(unit_base_ldadd)

check_PROGRAMS += tests/unit/check_lease
TESTS += tests/unit/check_lease
tests_unit_check_lease_SOURCES = %D%/check_lease.c %D%/unit.h
tests_unit_check_lease_CPPFLAGS = $(test_cppflags)
tests_unit_check_lease_CFLAGS = $(test_cflags)
tests_unit_check_lease_LDADD = $(unit_base_ldadd)

check_PROGRAMS += tests/unit/check_lease_json
TESTS += tests/unit/check_lease_json
tests_unit_check_lease_json_SOURCES = %D%/check_lease_json.c %D%/lease_reading.h %D%/unit.h
tests_unit_check_lease_json_CPPFLAGS = $(test_cppflags)
tests_unit_check_lease_json_CFLAGS = $(test_cflags)
tests_unit_check_lease_json_LDADD = $(unit_base_ldadd)

check_PROGRAMS += tests/unit/check_lease_contexts
TESTS += tests/unit/check_lease_contexts
tests_unit_check_lease_contexts_SOURCES = %D%/check_lease_contexts.c %D%/lease_reading.h %D%/unit.h
tests_unit_check_lease_contexts_CPPFLAGS = $(test_cppflags)
tests_unit_check_lease_contexts_CFLAGS = $(test_cflags)
tests_unit_check_lease_contexts_LDADD = $(unit_base_ldadd)
