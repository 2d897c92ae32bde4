libdhcpha_core_la_SOURCES += \
	%D%/terminated.c %D%/terminated.h \
	%D%/versions.c %D%/versions.h \
	%D%/heartbeat.c %D%/heartbeat.h \
	%D%/update_flow.c %D%/update_flow.h \
	%D%/update_send.c %D%/update_send.h \
	%D%/lease_updates.c %D%/lease_updates.h \
	%D%/recovery.c %D%/recovery.h \
	%D%/lease_request.c %D%/lease_request.h \
	%D%/bulk_apply.c %D%/bulk_apply.h \
	%D%/lease_pages.c %D%/lease_pages.h \
	%D%/lease_commands.c %D%/lease_commands.h \
	%D%/sync_page.c %D%/sync_page.h \
	%D%/sync.c %D%/sync.h \
	%D%/maintenance.c %D%/maintenance.h
