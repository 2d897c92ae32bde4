# The ready-made transport: client over libcurl, listener over libmicrohttpd.
lib_LTLIBRARIES += libdhcpha-http.la
pkgconfig_DATA += %D%/libdhcpha-http.pc

libdhcpha_http_la_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/%D% -D_GNU_SOURCE
libdhcpha_http_la_CFLAGS = $(AM_CFLAGS) $(CURL_CFLAGS) $(MICROHTTPD_CFLAGS) $(GNUTLS_CFLAGS)
libdhcpha_http_la_LIBADD = libdhcpha.la $(CURL_LIBS) $(MICROHTTPD_LIBS) $(GNUTLS_LIBS)
libdhcpha_http_la_LDFLAGS = -version-info $(DHCPHA_HTTP_VERSION_INFO) -no-undefined
libdhcpha_http_la_SOURCES = \
	%D%/timers.c %D%/timers.h \
	%D%/refusals.c %D%/refusals.h \
	%D%/peer_url.c %D%/peer_url.h \
	%D%/credentials.c %D%/credentials.h \
	%D%/tls_files.c %D%/tls_files.h \
	%D%/tls.c %D%/tls.h \
	%D%/body.c %D%/body.h \
	%D%/index.c %D%/index.h \
	%D%/loop.c %D%/loop.h \
	%D%/resolver.c %D%/resolver.h \
	%D%/client_sockets.c %D%/client_sockets.h \
	%D%/client_route.c %D%/client_route.h \
	%D%/client_slot.c %D%/client_slot.h \
	%D%/client_peer.c %D%/client_peer.h \
	%D%/client.c %D%/client.h \
	%D%/connection.c %D%/connection.h \
	%D%/connection_tls.c %D%/connection_tls.h \
	%D%/listener_request.c %D%/listener_request.h \
	%D%/listener_socket.c %D%/listener_socket.h \
	%D%/listener.c %D%/listener.h \
	%D%/transport.c

EXTRA_DIST += %D%/FLOORS
