libdhcpha_core_la_SOURCES += \
	%D%/service.c %D%/service.h \
	%D%/service_commands.c %D%/service_commands.h \
	%D%/service_status.c %D%/service_status.h \
	%D%/performer.c %D%/performer.h \
	%D%/timetable.c %D%/timetable.h \
	%D%/hub.c %D%/hub.h
