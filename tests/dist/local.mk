# The dist part of the tests: what the source and the installed files promise.
dist_checks = \
	%D%/check_floors.sh \
	%D%/check_headers.sh \
	%D%/check_symbols.sh \
	%D%/check_readme.sh \
	%D%/check_reference.sh \
	%D%/check_demo.sh \
	%D%/check_install.sh
TESTS += $(dist_checks)
EXTRA_DIST += $(dist_checks) %D%/install_core.c %D%/install_core.cc %D%/install_http.c

AM_TESTS_ENVIRONMENT = \
	top_srcdir='$(top_srcdir)'; top_builddir='$(top_builddir)'; \
	CC='$(CC)'; CXX='$(CXX)'; NM='$(NM)'; MAKE='$(MAKE)'; PKG_CONFIG='$(PKG_CONFIG)'; \
	CFLAGS='$(CFLAGS)'; CXXFLAGS='$(CXXFLAGS)'; LDFLAGS='$(LDFLAGS)'; libdir='$(libdir)'; \
	export top_srcdir top_builddir CC CXX NM MAKE PKG_CONFIG CFLAGS CXXFLAGS LDFLAGS libdir;
