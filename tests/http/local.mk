# The transport, over the loopback.
http_test_cppflags = $(test_cppflags) -I$(top_srcdir)/libdhcpha-http -D_GNU_SOURCE
http_test_ldadd = libdhcpha-http.la libdhcpha.la $(CHECK_LIBS)
http_host = %D%/host.c %D%/host.h

check_PROGRAMS += tests/http/check_timers
TESTS += tests/http/check_timers
tests_http_check_timers_SOURCES = %D%/check_timers.c libdhcpha-http/timers.c
tests_http_check_timers_CPPFLAGS = $(http_test_cppflags)
tests_http_check_timers_CFLAGS = $(test_cflags)
tests_http_check_timers_LDADD = $(CHECK_LIBS)

check_PROGRAMS += tests/http/check_exchange
TESTS += tests/http/check_exchange
tests_http_check_exchange_SOURCES = %D%/check_exchange.c $(http_host)
tests_http_check_exchange_CPPFLAGS = $(http_test_cppflags)
tests_http_check_exchange_CFLAGS = $(test_cflags)
tests_http_check_exchange_LDADD = $(http_test_ldadd)

check_PROGRAMS += tests/http/check_client
TESTS += tests/http/check_client
tests_http_check_client_SOURCES = %D%/check_client.c libdhcpha-http/peer_url.c $(http_host)
tests_http_check_client_CPPFLAGS = $(http_test_cppflags)
tests_http_check_client_CFLAGS = $(test_cflags)
tests_http_check_client_LDADD = $(http_test_ldadd)

check_PROGRAMS += tests/http/check_listener
TESTS += tests/http/check_listener
tests_http_check_listener_SOURCES = %D%/check_listener.c %D%/listening.h $(http_host)
tests_http_check_listener_CPPFLAGS = $(http_test_cppflags)
tests_http_check_listener_CFLAGS = $(test_cflags)
tests_http_check_listener_LDADD = $(http_test_ldadd)

check_PROGRAMS += tests/http/check_limits
TESTS += tests/http/check_limits
tests_http_check_limits_SOURCES = %D%/check_limits.c %D%/listening.h $(http_host)
tests_http_check_limits_CPPFLAGS = $(http_test_cppflags)
tests_http_check_limits_CFLAGS = $(test_cflags)
tests_http_check_limits_LDADD = $(http_test_ldadd)

check_PROGRAMS += tests/http/check_memory
TESTS += tests/http/check_memory
tests_http_check_memory_SOURCES = %D%/check_memory.c $(http_host)
tests_http_check_memory_CPPFLAGS = $(http_test_cppflags)
tests_http_check_memory_CFLAGS = $(test_cflags)
tests_http_check_memory_LDADD = $(http_test_ldadd)

check_PROGRAMS += tests/http/check_tls
TESTS += tests/http/check_tls
tests_http_check_tls_SOURCES = %D%/check_tls.c %D%/tls_peer.c %D%/tls_peer.h $(http_host)
tests_http_check_tls_CPPFLAGS = $(http_test_cppflags) \
	-DCERTIFICATES='"$(abs_top_srcdir)/tests/support/certificates.sh"'
tests_http_check_tls_CFLAGS = $(test_cflags) $(GNUTLS_CFLAGS)
tests_http_check_tls_LDADD = $(http_test_ldadd) $(GNUTLS_LIBS)

check_PROGRAMS += tests/http/check_auth
TESTS += tests/http/check_auth
tests_http_check_auth_SOURCES = %D%/check_auth.c libdhcpha-http/credentials.c $(http_host)
tests_http_check_auth_CPPFLAGS = $(http_test_cppflags)
tests_http_check_auth_CFLAGS = $(test_cflags)
tests_http_check_auth_LDADD = $(http_test_ldadd)

check_PROGRAMS += tests/http/check_route
TESTS += tests/http/check_route
tests_http_check_route_SOURCES = %D%/check_route.c $(http_host)
tests_http_check_route_CPPFLAGS = $(http_test_cppflags)
tests_http_check_route_CFLAGS = $(test_cflags)
tests_http_check_route_LDADD = $(http_test_ldadd)

EXTRA_PROGRAMS += tests/http/bench_http
tests_http_bench_http_SOURCES = %D%/bench_http.c
tests_http_bench_http_CPPFLAGS = $(http_test_cppflags)
tests_http_bench_http_LDADD = libdhcpha-http.la libdhcpha.la

# Requests recorded with Kea; the replay of commands is in tests/vectors.
check_PROGRAMS += tests/vectors/check_http_vectors
TESTS += tests/vectors/check_http_vectors
tests_vectors_check_http_vectors_SOURCES = tests/vectors/check_http_vectors.c $(http_host)
tests_vectors_check_http_vectors_CPPFLAGS = $(http_test_cppflags)
tests_vectors_check_http_vectors_CFLAGS = $(test_cflags)
tests_vectors_check_http_vectors_LDADD = tests/support/libsupport.la libdhcpha-http.la \
	libdhcpha-core.la $(CHECK_LIBS)
