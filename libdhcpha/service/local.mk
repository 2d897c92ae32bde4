libdhcpha_core_la_SOURCES += \
	%D%/service.c %D%/service.h \
	%D%/service_commands.c %D%/service_commands.h \
	%D%/service_status.c %D%/service_status.h \
	%D%/outcomes.c %D%/outcomes.h \
	%D%/performer.c %D%/performer.h \
	%D%/timetable.c %D%/timetable.h \
	%D%/hub.c %D%/hub.h \
	%D%/hub_commands.c %D%/hub_commands.h \
	%D%/hub_leases.c %D%/hub_leases.h \
	%D%/hub_stop.c %D%/hub_stop.h \
	%D%/hub_report.c %D%/hub_report.h
