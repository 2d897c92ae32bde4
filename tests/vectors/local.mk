# Recorded Kea traffic, and the library held against it.
EXTRA_DIST += \
	%D%/README.md \
	%D%/pack.py \
	%D%/tally.txt \
	%D%/kea-2.2.0-dhcp4.jsonl \
	%D%/kea-2.2.0-dhcp6.jsonl \
	%D%/kea-2.6.3-dhcp4.jsonl \
	%D%/kea-2.6.3-dhcp6.jsonl \
	%D%/kea-3.0.4-dhcp4.jsonl \
	%D%/kea-3.0.4-dhcp6.jsonl \
	%D%/kea-mixed-dhcp4.jsonl \
	%D%/kea-mixed-dhcp6.jsonl \
	%D%/kea-http.jsonl \
	%D%/check_http_vectors.c

check_PROGRAMS += tests/vectors/check_vectors
TESTS += tests/vectors/check_vectors
tests_vectors_check_vectors_CPPFLAGS = $(test_cppflags)
tests_vectors_check_vectors_CFLAGS = $(test_cflags)
tests_vectors_check_vectors_SOURCES = \
	%D%/check_vectors.c \
	%D%/compare.c %D%/compare.h \
	%D%/recording.c %D%/recording.h \
	%D%/replay.c %D%/replay.h \
	%D%/replay_leases.c %D%/replay_leases.h \
	%D%/replay_parts.h %D%/replay_received.c %D%/replay_sent.c %D%/replay_tools.c \
	%D%/tally.c %D%/tally.h
tests_vectors_check_vectors_LDADD = tests/support/libsupport.la $(test_ldadd)
