# The core.  The objects are gathered in a convenience library, so that the
# unit tests can reach what the shared library does not export.
noinst_LTLIBRARIES += libdhcpha-core.la
lib_LTLIBRARIES += libdhcpha.la
pkgconfig_DATA += %D%/libdhcpha.pc

libdhcpha_core_la_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/libdhcpha \
	-DDHCPHA_VERSION=\"$(PACKAGE_VERSION)\"
libdhcpha_core_la_CFLAGS = $(AM_CFLAGS) $(YAJL_CFLAGS)
libdhcpha_core_la_LIBADD = $(YAJL_LIBS)
libdhcpha_core_la_SOURCES =
include libdhcpha/base/local.mk
include libdhcpha/dhcp/local.mk
include libdhcpha/rules/local.mk
include libdhcpha/memory/local.mk
include libdhcpha/procedures/local.mk
include libdhcpha/service/local.mk

libdhcpha_la_SOURCES =
libdhcpha_la_LIBADD = libdhcpha-core.la
libdhcpha_la_LDFLAGS = -version-info $(DHCPHA_VERSION_INFO) -no-undefined

EXTRA_DIST += %D%/FLOORS
