dhcphaincludedir = $(includedir)/dhcpha
dhcphainclude_HEADERS = \
	%D%/dhcpha/action.h \
	%D%/dhcpha/callbacks.h \
	%D%/dhcpha/config.h \
	%D%/dhcpha/dhcpha.h \
	%D%/dhcpha/hub.h \
	%D%/dhcpha/lease.h \
	%D%/dhcpha/names.h \
	%D%/dhcpha/query.h \
	%D%/dhcpha/report.h \
	%D%/dhcpha/types.h
if WITH_HTTP
dhcphainclude_HEADERS += %D%/dhcpha/http.h
endif
