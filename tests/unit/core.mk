# Unit tests of the core modules.

check_PROGRAMS += tests/unit/check_state_table
TESTS += tests/unit/check_state_table
tests_unit_check_state_table_SOURCES = %D%/check_state_table.c
tests_unit_check_state_table_CPPFLAGS = $(test_cppflags)
tests_unit_check_state_table_CFLAGS = $(test_cflags)
tests_unit_check_state_table_LDADD = $(test_ldadd)

check_PROGRAMS += tests/unit/check_partner
TESTS += tests/unit/check_partner
tests_unit_check_partner_SOURCES = %D%/check_partner.c %D%/unit.h
tests_unit_check_partner_CPPFLAGS = $(test_cppflags)
tests_unit_check_partner_CFLAGS = $(test_cflags)
tests_unit_check_partner_LDADD = $(unit_base_ldadd)

check_PROGRAMS += tests/unit/check_clock_skew
TESTS += tests/unit/check_clock_skew
tests_unit_check_clock_skew_SOURCES = %D%/check_clock_skew.c %D%/unit.h
tests_unit_check_clock_skew_CPPFLAGS = $(test_cppflags)
tests_unit_check_clock_skew_CFLAGS = $(test_cflags)
tests_unit_check_clock_skew_LDADD = $(unit_base_ldadd)

check_PROGRAMS += tests/unit/check_unacked_clients
TESTS += tests/unit/check_unacked_clients
tests_unit_check_unacked_clients_SOURCES = %D%/check_unacked_clients.c %D%/unit.h
tests_unit_check_unacked_clients_CPPFLAGS = $(test_cppflags)
tests_unit_check_unacked_clients_CFLAGS = $(test_cflags)
tests_unit_check_unacked_clients_LDADD = $(unit_base_ldadd)

check_PROGRAMS += tests/unit/check_rejected_updates
TESTS += tests/unit/check_rejected_updates
tests_unit_check_rejected_updates_SOURCES = %D%/check_rejected_updates.c %D%/unit.h
tests_unit_check_rejected_updates_CPPFLAGS = $(test_cppflags)
tests_unit_check_rejected_updates_CFLAGS = $(test_cflags)
tests_unit_check_rejected_updates_LDADD = $(unit_base_ldadd)

check_PROGRAMS += tests/unit/check_service_switch
TESTS += tests/unit/check_service_switch
tests_unit_check_service_switch_SOURCES = %D%/check_service_switch.c %D%/unit.h
tests_unit_check_service_switch_CPPFLAGS = $(test_cppflags)
tests_unit_check_service_switch_CFLAGS = $(test_cflags)
tests_unit_check_service_switch_LDADD = $(unit_base_ldadd)

check_PROGRAMS += tests/unit/check_subnets
TESTS += tests/unit/check_subnets
tests_unit_check_subnets_SOURCES = %D%/check_subnets.c %D%/unit.h
tests_unit_check_subnets_CPPFLAGS = $(test_cppflags)
tests_unit_check_subnets_CFLAGS = $(test_cflags)
tests_unit_check_subnets_LDADD = $(unit_base_ldadd)

check_PROGRAMS += tests/unit/check_backlog
TESTS += tests/unit/check_backlog
tests_unit_check_backlog_SOURCES = %D%/check_backlog.c %D%/unit.h
tests_unit_check_backlog_CPPFLAGS = $(test_cppflags)
tests_unit_check_backlog_CFLAGS = $(test_cflags)
tests_unit_check_backlog_LDADD = $(unit_base_ldadd)

check_PROGRAMS += tests/unit/check_exchanges
TESTS += tests/unit/check_exchanges
tests_unit_check_exchanges_SOURCES = %D%/check_exchanges.c %D%/unit.h
tests_unit_check_exchanges_CPPFLAGS = $(test_cppflags)
tests_unit_check_exchanges_CFLAGS = $(test_cflags)
tests_unit_check_exchanges_LDADD = $(unit_base_ldadd)

check_PROGRAMS += tests/unit/check_parked
TESTS += tests/unit/check_parked
tests_unit_check_parked_SOURCES = %D%/check_parked.c %D%/unit.h
tests_unit_check_parked_CPPFLAGS = $(test_cppflags)
tests_unit_check_parked_CFLAGS = $(test_cflags)
tests_unit_check_parked_LDADD = $(unit_base_ldadd)

check_PROGRAMS += tests/unit/check_log
TESTS += tests/unit/check_log
tests_unit_check_log_SOURCES = %D%/check_log.c %D%/unit.h
tests_unit_check_log_CPPFLAGS = $(test_cppflags)
tests_unit_check_log_CFLAGS = $(test_cflags)
tests_unit_check_log_LDADD = $(unit_base_ldadd)

check_PROGRAMS += tests/unit/check_scopes
TESTS += tests/unit/check_scopes
tests_unit_check_scopes_SOURCES = %D%/check_scopes.c %D%/unit.h
tests_unit_check_scopes_CPPFLAGS = $(test_cppflags)
tests_unit_check_scopes_CFLAGS = $(test_cflags)
tests_unit_check_scopes_LDADD = $(unit_base_ldadd)

check_PROGRAMS += tests/unit/check_command
TESTS += tests/unit/check_command
tests_unit_check_command_SOURCES = %D%/check_command.c %D%/json_fixture.h %D%/unit.h
tests_unit_check_command_CPPFLAGS = $(test_cppflags)
tests_unit_check_command_CFLAGS = $(test_cflags)
tests_unit_check_command_LDADD = $(unit_base_ldadd)

check_PROGRAMS += tests/unit/check_ha_commands
TESTS += tests/unit/check_ha_commands
tests_unit_check_ha_commands_SOURCES = %D%/check_ha_commands.c %D%/json_fixture.h %D%/unit.h
tests_unit_check_ha_commands_CPPFLAGS = $(test_cppflags)
tests_unit_check_ha_commands_CFLAGS = $(test_cflags)
tests_unit_check_ha_commands_LDADD = $(unit_base_ldadd)

check_PROGRAMS += tests/unit/check_sync_page
TESTS += tests/unit/check_sync_page
tests_unit_check_sync_page_SOURCES = %D%/check_sync_page.c %D%/unit.h
tests_unit_check_sync_page_CPPFLAGS = $(test_cppflags)
tests_unit_check_sync_page_CFLAGS = $(test_cflags)
tests_unit_check_sync_page_LDADD = $(unit_base_ldadd)

check_PROGRAMS += tests/unit/check_timetable
TESTS += tests/unit/check_timetable
tests_unit_check_timetable_SOURCES = %D%/check_timetable.c %D%/unit.h
tests_unit_check_timetable_CPPFLAGS = $(test_cppflags)
tests_unit_check_timetable_CFLAGS = $(test_cflags)
tests_unit_check_timetable_LDADD = $(unit_base_ldadd)

check_PROGRAMS += tests/unit/check_hub
TESTS += tests/unit/check_hub
tests_unit_check_hub_SOURCES = %D%/check_hub.c %D%/hub_bench.c %D%/hub_bench.h %D%/unit.h
tests_unit_check_hub_CPPFLAGS = $(test_cppflags)
tests_unit_check_hub_CFLAGS = $(test_cflags)
tests_unit_check_hub_LDADD = $(unit_base_ldadd)

check_PROGRAMS += tests/unit/check_hub_leases
TESTS += tests/unit/check_hub_leases
tests_unit_check_hub_leases_SOURCES = %D%/check_hub_leases.c %D%/hub_bench.c %D%/hub_bench.h %D%/unit.h
tests_unit_check_hub_leases_CPPFLAGS = $(test_cppflags)
tests_unit_check_hub_leases_CFLAGS = $(test_cflags)
tests_unit_check_hub_leases_LDADD = $(unit_base_ldadd)

check_PROGRAMS += tests/unit/check_hub_commands
TESTS += tests/unit/check_hub_commands
tests_unit_check_hub_commands_SOURCES = %D%/check_hub_commands.c %D%/hub_bench.c %D%/hub_bench.h %D%/unit.h
tests_unit_check_hub_commands_CPPFLAGS = $(test_cppflags)
tests_unit_check_hub_commands_CFLAGS = $(test_cflags)
tests_unit_check_hub_commands_LDADD = $(unit_base_ldadd)

check_PROGRAMS += tests/unit/check_lease_commands
TESTS += tests/unit/check_lease_commands
tests_unit_check_lease_commands_SOURCES = %D%/check_lease_commands.c %D%/hub_bench.c %D%/hub_bench.h %D%/unit.h
tests_unit_check_lease_commands_CPPFLAGS = $(test_cppflags)
tests_unit_check_lease_commands_CFLAGS = $(test_cflags)
tests_unit_check_lease_commands_LDADD = $(unit_base_ldadd)

check_PROGRAMS += tests/unit/check_page_commands
TESTS += tests/unit/check_page_commands
tests_unit_check_page_commands_SOURCES = %D%/check_page_commands.c %D%/hub_bench.c %D%/hub_bench.h %D%/unit.h
tests_unit_check_page_commands_CPPFLAGS = $(test_cppflags)
tests_unit_check_page_commands_CFLAGS = $(test_cflags)
tests_unit_check_page_commands_LDADD = $(unit_base_ldadd)

check_PROGRAMS += tests/unit/check_hub_time
TESTS += tests/unit/check_hub_time
tests_unit_check_hub_time_SOURCES = %D%/check_hub_time.c %D%/hub_bench.c %D%/hub_bench.h %D%/unit.h
tests_unit_check_hub_time_CPPFLAGS = $(test_cppflags)
tests_unit_check_hub_time_CFLAGS = $(test_cflags)
tests_unit_check_hub_time_LDADD = $(unit_base_ldadd)

check_PROGRAMS += tests/unit/check_hub_stop
TESTS += tests/unit/check_hub_stop
tests_unit_check_hub_stop_SOURCES = %D%/check_hub_stop.c %D%/hub_bench.c %D%/hub_bench.h %D%/unit.h
tests_unit_check_hub_stop_CPPFLAGS = $(test_cppflags)
tests_unit_check_hub_stop_CFLAGS = $(test_cflags)
tests_unit_check_hub_stop_LDADD = $(unit_base_ldadd)

check_PROGRAMS += tests/unit/check_hub_memory
TESTS += tests/unit/check_hub_memory
tests_unit_check_hub_memory_SOURCES = %D%/check_hub_memory.c %D%/hub_bench.c %D%/hub_bench.h %D%/unit.h
tests_unit_check_hub_memory_CPPFLAGS = $(test_cppflags)
tests_unit_check_hub_memory_CFLAGS = $(test_cflags)
tests_unit_check_hub_memory_LDADD = $(unit_base_ldadd)

check_PROGRAMS += tests/unit/check_every_state
TESTS += tests/unit/check_every_state
tests_unit_check_every_state_SOURCES = %D%/check_every_state.c %D%/hub_bench.c %D%/hub_bench.h %D%/unit.h
tests_unit_check_every_state_CPPFLAGS = $(test_cppflags)
tests_unit_check_every_state_CFLAGS = $(test_cflags)
tests_unit_check_every_state_LDADD = $(unit_base_ldadd)

check_PROGRAMS += tests/unit/check_hub_status
TESTS += tests/unit/check_hub_status
tests_unit_check_hub_status_SOURCES = %D%/check_hub_status.c %D%/hub_bench.c %D%/hub_bench.h %D%/unit.h
tests_unit_check_hub_status_CPPFLAGS = $(test_cppflags)
tests_unit_check_hub_status_CFLAGS = $(test_cflags)
tests_unit_check_hub_status_LDADD = $(unit_base_ldadd)

check_PROGRAMS += tests/unit/check_hub_reclaim
TESTS += tests/unit/check_hub_reclaim
tests_unit_check_hub_reclaim_SOURCES = %D%/check_hub_reclaim.c %D%/hub_bench.c %D%/hub_bench.h %D%/unit.h
tests_unit_check_hub_reclaim_CPPFLAGS = $(test_cppflags)
tests_unit_check_hub_reclaim_CFLAGS = $(test_cflags)
tests_unit_check_hub_reclaim_LDADD = $(unit_base_ldadd)

check_PROGRAMS += tests/unit/check_updates
TESTS += tests/unit/check_updates
tests_unit_check_updates_SOURCES = %D%/check_updates.c %D%/unit.h
tests_unit_check_updates_CPPFLAGS = $(test_cppflags)
tests_unit_check_updates_CFLAGS = $(test_cflags)
tests_unit_check_updates_LDADD = $(unit_base_ldadd)

check_PROGRAMS += tests/unit/check_peer_queue
TESTS += tests/unit/check_peer_queue
tests_unit_check_peer_queue_SOURCES = %D%/check_peer_queue.c %D%/unit.h
tests_unit_check_peer_queue_CPPFLAGS = $(test_cppflags)
tests_unit_check_peer_queue_CFLAGS = $(test_cflags)
tests_unit_check_peer_queue_LDADD = $(unit_base_ldadd)

check_PROGRAMS += tests/unit/check_lease_updates
TESTS += tests/unit/check_lease_updates
tests_unit_check_lease_updates_SOURCES = %D%/check_lease_updates.c %D%/hub_bench.c %D%/hub_bench.h %D%/unit.h
tests_unit_check_lease_updates_CPPFLAGS = $(test_cppflags)
tests_unit_check_lease_updates_CFLAGS = $(test_cflags)
tests_unit_check_lease_updates_LDADD = $(unit_base_ldadd)

check_PROGRAMS += tests/unit/check_recovery
TESTS += tests/unit/check_recovery
tests_unit_check_recovery_SOURCES = %D%/check_recovery.c %D%/hub_bench.c %D%/hub_bench.h %D%/unit.h
tests_unit_check_recovery_CPPFLAGS = $(test_cppflags)
tests_unit_check_recovery_CFLAGS = $(test_cflags)
tests_unit_check_recovery_LDADD = $(unit_base_ldadd)

# versions of peers, recovery from terminated
check_PROGRAMS += tests/unit/check_version_table
TESTS += tests/unit/check_version_table
tests_unit_check_version_table_SOURCES = %D%/check_version_table.c
tests_unit_check_version_table_CPPFLAGS = $(test_cppflags)
tests_unit_check_version_table_CFLAGS = $(test_cflags)
tests_unit_check_version_table_LDADD = $(test_ldadd)
