libdhcpha_core_la_SOURCES += \
	%D%/address.c %D%/address.h \
	%D%/client_id.c %D%/client_id.h \
	%D%/query.c %D%/query.h \
	%D%/lease.c %D%/lease.h \
	%D%/lease_write.c %D%/lease_write.h \
	%D%/lease_json.c %D%/lease_json.h \
	%D%/rfc3074.c %D%/rfc3074.h
