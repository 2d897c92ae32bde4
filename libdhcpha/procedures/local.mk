libdhcpha_core_la_SOURCES += \
	%D%/heartbeat.c %D%/heartbeat.h \
	%D%/lease_updates.c %D%/lease_updates.h \
	%D%/recovery.c %D%/recovery.h \
	%D%/lease_commands.c %D%/lease_commands.h \
	%D%/sync_page.c %D%/sync_page.h \
	%D%/sync.c %D%/sync.h \
	%D%/maintenance.c %D%/maintenance.h
