# The world in virtual time that scenarios and simulations run in.
check_LTLIBRARIES += tests/support/libsupport.la
tests_support_libsupport_la_CPPFLAGS = $(test_cppflags)
tests_support_libsupport_la_CFLAGS = $(test_cflags)
tests_support_libsupport_la_SOURCES = \
	%D%/agenda.c %D%/agenda.h \
	%D%/clients.c %D%/clients.h \
	%D%/diff.c %D%/diff.h \
	%D%/failing_allocator.c %D%/failing_allocator.h \
	%D%/kea_partner.c %D%/kea_partner.h \
	%D%/liar.c %D%/liar.h \
	%D%/network.c %D%/network.h \
	%D%/pair_config.c %D%/pair_config.h \
	%D%/store.c %D%/store.h \
	%D%/text.c %D%/text.h \
	%D%/world.c %D%/world.h %D%/world_actions.c

EXTRA_DIST += %D%/certificates.sh
