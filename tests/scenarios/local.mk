# Scenarios in virtual time: commands, "----", what must appear.  REWRITE=1 writes what did.
check_PROGRAMS += tests/scenarios/run_scenarios
check_LTLIBRARIES += tests/scenarios/libscenario.la
tests_scenarios_libscenario_la_CPPFLAGS = $(test_cppflags)
tests_scenarios_libscenario_la_CFLAGS = $(test_cflags)
tests_scenarios_libscenario_la_SOURCES = \
	%D%/scenario.c %D%/scenario.h %D%/scenario_clients.c %D%/scenario_commands.c \
	%D%/scenario_hub.c %D%/scenario_liar.c
tests_scenarios_run_scenarios_CPPFLAGS = $(test_cppflags)
tests_scenarios_run_scenarios_CFLAGS = $(test_cflags)
tests_scenarios_run_scenarios_SOURCES = %D%/run_scenarios.c
tests_scenarios_run_scenarios_LDADD = \
	tests/scenarios/libscenario.la tests/support/libsupport.la $(test_ldadd)

TXT_LOG_COMPILER = tests/scenarios/run_scenarios

scenario_files = \
	%D%/a-backup-gets-updates-in-every-state.txt \
	%D%/a-backup-is-put-to-work.txt \
	%D%/a-black-hole-takes-longer-than-a-closed-port.txt \
	%D%/a-change-of-the-unsent-count-is-remembered.txt \
	%D%/a-client-gets-renews-declines-and-releases.txt \
	%D%/a-client-waits-for-a-slow-backup.txt \
	%D%/a-command-ends-communication-recovery.txt \
	%D%/a-dead-machine-answers-nothing.txt \
	%D%/a-heartbeat-crosses-the-end-of-maintenance.txt \
	%D%/a-heartbeat-from-before-the-notification-fails.txt \
	%D%/a-hub-and-its-commands.txt \
	%D%/a-hub-replicates-releases-and-declines.txt \
	%D%/a-hub-serves-each-spoke-by-itself.txt \
	%D%/a-kept-lease-is-busy.txt \
	%D%/a-kept-lease-stays-busy.txt \
	%D%/a-kept-update-is-refused.txt \
	%D%/a-lease-is-missing-in-the-partners-store.txt \
	%D%/a-lease-that-the-partner-is-busy-with.txt \
	%D%/a-lost-notification-is-made-up-for.txt \
	%D%/a-page-breaks-off.txt \
	%D%/a-partner-dead-at-start-is-replaced.txt \
	%D%/a-partner-dies-while-the-backlog-is-sent.txt \
	%D%/a-partner-of-2-2-gets-releases-as-deletes.txt \
	%D%/a-partner-of-2-2-synchronizes-from-us.txt \
	%D%/a-partner-of-2-6-gets-releases-as-deletes.txt \
	%D%/a-partner-of-2-6-synchronizes-from-us.txt \
	%D%/a-partner-of-3-0-gets-releases-as-they-are.txt \
	%D%/a-partner-of-another-mode-is-not-joined.txt \
	%D%/a-partner-reboots-during-maintenance.txt \
	%D%/a-partner-restarts-in-hot-standby.txt \
	%D%/a-partner-restarts-while-load-is-balanced.txt \
	%D%/a-partner-restarts-while-the-backlog-is-sent.txt \
	%D%/a-partner-that-comes-and-goes-terminated.txt \
	%D%/a-partner-that-does-not-list-its-commands.txt \
	%D%/a-partner-that-does-not-tell-its-state-after-maintenance.txt \
	%D%/a-partner-that-is-ready-is-joined-in-one-run.txt \
	%D%/a-partner-that-served-too-is-synchronized-from.txt \
	%D%/a-partner-that-stays-busy-with-a-lease.txt \
	%D%/a-partner-that-wants-credentials.txt \
	%D%/a-passive-backup-pair.txt \
	%D%/a-passive-backup-primary-waits-for-its-backups.txt \
	%D%/a-paused-passive-backup-primary-goes-on.txt \
	%D%/a-paused-server-does-not-take-over.txt \
	%D%/a-primary-comes-back-to-a-standby-that-served.txt \
	%D%/a-query-does-not-wait-for-ever.txt \
	%D%/a-reload-keeps-the-budget-of-recoveries.txt \
	%D%/a-reset-that-fails-is-not-repeated-at-once.txt \
	%D%/a-server-reloads-its-configuration.txt \
	%D%/a-server-stops-in-good-order.txt \
	%D%/a-server-that-was-reset-asks-its-partner.txt \
	%D%/a-slow-backup-is-stopped.txt \
	%D%/a-slow-backup-loses-updates.txt \
	%D%/a-standby-is-killed-and-the-primary-serves-alone.txt \
	%D%/a-state-changes-during-the-synchronization.txt \
	%D%/a-stopped-backup-drops-its-clients.txt \
	%D%/an-answer-that-is-no-list-is-an-error.txt \
	%D%/an-answer-to-maintenance-that-cannot-be-read.txt \
	%D%/an-empty-page-must-carry-arguments.txt \
	%D%/an-old-partner-does-not-know-the-notification.txt \
	%D%/an-update-is-refused-while-the-next-one-waits.txt \
	%D%/answers-that-arrive-late.txt \
	%D%/answers-that-arrive-twice.txt \
	%D%/auto-failover-is-off.txt \
	%D%/both-reset-and-converge.txt \
	%D%/both-start-and-the-primary-moves-first.txt \
	%D%/both-start-in-load-balancing.txt \
	%D%/both-were-partner-down.txt \
	%D%/commands-that-are-malformed.txt \
	%D%/conflicts-are-not-failures.txt \
	%D%/conflicts-lead-to-terminated.txt \
	%D%/conflicts-with-a-partner-of-2-2.txt \
	%D%/dhcp-disable-and-its-origins.txt \
	%D%/dhcpv6-a-partners-page-ends-between-them.txt \
	%D%/dhcpv6-a-passive-backup-pair.txt \
	%D%/dhcpv6-a-registered-lease-stays-registered.txt \
	%D%/dhcpv6-a-standby-takes-over-and-the-primary-returns.txt \
	%D%/dhcpv6-an-address-and-a-prefix-across-a-page.txt \
	%D%/dhcpv6-both-start-in-load-balancing.txt \
	%D%/dhcpv6-elapsed-time-is-evidence.txt \
	%D%/dhcpv6-kept-updates-are-sent-in-bulk.txt \
	%D%/dhcpv6-kept-updates-are-sent-one-by-one.txt \
	%D%/dhcpv6-one-bulk-for-an-exchange.txt \
	%D%/dhcpv6-releases-and-declines.txt \
	%D%/dhcpv6-some-leases-of-a-bulk-fail.txt \
	%D%/dhcpv6-the-partners-store-takes-a-part.txt \
	%D%/dhcpv6-too-many-updates-to-keep.txt \
	%D%/explained-in-every-state.txt \
	%D%/ha-continue-after-a-pause.txt \
	%D%/ha-reset-in-waiting.txt \
	%D%/ha-reset-leaves-terminated.txt \
	%D%/ha-reset-on-a-passive-backup-primary.txt \
	%D%/ha-reset-starts-over.txt \
	%D%/ha-scopes-last-until-the-next-state.txt \
	%D%/ha-sync-in-both-directions.txt \
	%D%/heartbeat-answers-that-are-wrong.txt \
	%D%/kept-updates-are-sent-when-the-partner-is-back.txt \
	%D%/leases-are-not-synchronized-where-that-is-off.txt \
	%D%/leases-change-while-the-backlog-is-sent.txt \
	%D%/load-balancing-failure-by-time-alone.txt \
	%D%/load-balancing-failure-needs-unacked-clients.txt \
	%D%/load-balancing-without-a-backlog.txt \
	%D%/maintenance-again-at-once.txt \
	%D%/maintenance-ends-communication-recovery.txt \
	%D%/maintenance-is-refused.txt \
	%D%/maintenance-of-the-primary-is-canceled.txt \
	%D%/maintenance-of-the-standby.txt \
	%D%/maintenance-outlasts-the-shutdown.txt \
	%D%/maintenance-when-the-partner-is-gone.txt \
	%D%/names-of-peers-differ-in-the-two-configurations.txt \
	%D%/no-heartbeats-at-all.txt \
	%D%/no-word-of-the-partner-yet-is-not-its-failure.txt \
	%D%/notified-twice-of-maintenance.txt \
	%D%/one-failure-ends-partner-in-maintenance.txt \
	%D%/one-lease-is-kept-once.txt \
	%D%/one-update-of-an-address-at-a-time.txt \
	%D%/only-heartbeats-are-contact.txt \
	%D%/only-one-way-is-cut.txt \
	%D%/pages-that-are-longer-than-asked-for.txt \
	%D%/pages-that-go-backwards.txt \
	%D%/pages-that-repeat.txt \
	%D%/partner-down-heeds-the-administrators-switch.txt \
	%D%/partner-down-waits-for-a-slow-partner-to-be-ready.txt \
	%D%/partner-down-with-the-service-off.txt \
	%D%/recovered-from-terminated-no-more-than-so-often-a-day.txt \
	%D%/recovered-from-terminated-when-the-clocks-agree.txt \
	%D%/restarted-from-terminated.txt \
	%D%/restricted-commands-are-forbidden.txt \
	%D%/silence-alone-is-not-failure.txt \
	%D%/spokes-do-not-enable-for-each-other.txt \
	%D%/sync-complete-without-an-origin.txt \
	%D%/synchronization-fails-again-and-again.txt \
	%D%/the-clock-of-the-partner-is-wrong.txt \
	%D%/the-last-lease-of-a-full-page-cannot-be-read.txt \
	%D%/the-newer-lease-is-kept.txt \
	%D%/the-partner-stays-terminated.txt \
	%D%/the-partners-store-fails.txt \
	%D%/the-primary-starts-first.txt \
	%D%/the-standby-starts-first.txt \
	%D%/the-status-of-a-pair.txt \
	%D%/the-synchronizing-side-dies.txt \
	%D%/too-many-updates-to-keep.txt \
	%D%/updates-are-counted-as-kea-counts-them.txt \
	%D%/updates-are-switched-off.txt \
	%D%/updates-outside-the-subnets-are-conflicts.txt \
	%D%/updates-that-were-not-sent-are-counted.txt \
	%D%/waiting-times-are-read-as-windows-writes-them.txt \
	%D%/what-waits-when-the-partner-goes-down.txt \
	%D%/what-waits-when-the-partner-is-lost.txt \
	%D%/what-waits-when-the-server-is-reset.txt
EXTRA_DIST += %D%/README.md $(scenario_files)
TESTS += $(scenario_files)
