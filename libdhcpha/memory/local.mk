libdhcpha_core_la_SOURCES += \
	%D%/partner.c %D%/partner.h \
	%D%/clock_skew.c %D%/clock_skew.h \
	%D%/unacked_clients.c %D%/unacked_clients.h \
	%D%/rejected_updates.c %D%/rejected_updates.h \
	%D%/scopes.c %D%/scopes.h \
	%D%/service_switch.c %D%/service_switch.h \
	%D%/subnets.c %D%/subnets.h \
	%D%/backlog.c %D%/backlog.h \
	%D%/action.c %D%/action.h \
	%D%/outbox.c %D%/outbox.h \
	%D%/exchanges.c %D%/exchanges.h \
	%D%/parked.c %D%/parked.h \
	%D%/context.c %D%/context.h \
	%D%/log.c %D%/log.h \
	%D%/service_memory.c %D%/service_memory.h
