# The transport, over the loopback.
EXTRA_PROGRAMS += tests/http/bench_http
tests_http_bench_http_SOURCES = %D%/bench_http.c
tests_http_bench_http_CPPFLAGS = $(test_cppflags) -D_GNU_SOURCE
tests_http_bench_http_LDADD = libdhcpha-http.la libdhcpha.la
