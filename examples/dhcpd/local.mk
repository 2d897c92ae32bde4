# dhcpha-dhcpd.  All but main() is gathered in a convenience library, so that the tests reach it.
bin_PROGRAMS += dhcpha-dhcpd
noinst_LTLIBRARIES += libdhcpd.la
dhcpd_cppflags = $(AM_CPPFLAGS) -D_GNU_SOURCE
dhcpd_cflags = $(AM_CFLAGS) $(YAJL_CFLAGS) $(UV_CFLAGS) $(SQLITE_CFLAGS)
dhcpd_libs = libdhcpha-http.la libdhcpha.la $(YAJL_LIBS) $(UV_LIBS) $(SQLITE_LIBS)

libdhcpd_la_CPPFLAGS = $(dhcpd_cppflags)
libdhcpd_la_CFLAGS = $(dhcpd_cflags)
libdhcpd_la_SOURCES = \
	%D%/address_tree.c %D%/address_tree.h \
	%D%/allocate4.c %D%/allocate4.h \
	%D%/allocate6.c %D%/allocate6.h \
	%D%/allocator.c %D%/allocator.h \
	%D%/answers.c %D%/answers.h \
	%D%/arena.c %D%/arena.h \
	%D%/bitset.c %D%/bitset.h \
	%D%/commands.c %D%/commands.h \
	%D%/commands_leases.c %D%/commands_parts.h \
	%D%/config_duid.c \
	%D%/config_ha.c \
	%D%/config_options.c \
	%D%/config_parts.h \
	%D%/config_pools.c \
	%D%/config_subnets.c \
	%D%/configuration.c %D%/configuration.h \
	%D%/duid.c %D%/duid.h \
	%D%/findings.c %D%/findings.h \
	%D%/ha.c %D%/ha.h \
	%D%/hash.c %D%/hash.h \
	%D%/intake.c %D%/intake.h \
	%D%/intake4.c \
	%D%/intake6.c \
	%D%/ip.c %D%/ip.h \
	%D%/journal.c %D%/journal.h \
	%D%/json.c %D%/json.h \
	%D%/lease_entry.c %D%/lease_entry.h \
	%D%/lease_json.c %D%/lease_json.h \
	%D%/lease_table.c %D%/lease_table.h \
	%D%/log.c %D%/log.h \
	%D%/offers.c %D%/offers.h \
	%D%/options.c %D%/options.h \
	%D%/options4.c %D%/options4.h \
	%D%/options6.c %D%/options6.h \
	%D%/packet4.c %D%/packet4.h \
	%D%/packet6.c %D%/packet6.h \
	%D%/pool.c %D%/pool.h \
	%D%/reader.c %D%/reader.h \
	%D%/reply4.c %D%/reply4.h \
	%D%/reply6.c %D%/reply6.h \
	%D%/route4.c %D%/route4.h \
	%D%/select6.c \
	%D%/serve4.c %D%/serve4.h \
	%D%/serve6.c %D%/serve6.h \
	%D%/server.c %D%/server.h \
	%D%/sockets.c %D%/sockets.h \
	%D%/store.c %D%/store.h
libdhcpd_la_LIBADD = $(dhcpd_libs)

dhcpha_dhcpd_CPPFLAGS = $(dhcpd_cppflags)
dhcpha_dhcpd_CFLAGS = $(dhcpd_cflags)
dhcpha_dhcpd_SOURCES = %D%/main.c
dhcpha_dhcpd_LDADD = libdhcpd.la $(dhcpd_libs)
EXTRA_DIST += %D%/README.md %D%/pair/server1.json %D%/pair/server2.json \
	%D%/pair/server1-v6.json %D%/pair/server2-v6.json
