#!/bin/sh
# libdhcpha - DHCP High Availability as a library
# SPDX-License-Identifier: MPL-2.0
#
# What `make install` puts down can be found by pkg-config, compiled against in C and C++, and run.
set -eu
: "${top_srcdir:=$(dirname "$0")/../..}" "${top_builddir:=.}"
: "${CC:=cc}" "${CXX:=c++}" "${MAKE:=make}" "${PKG_CONFIG:=pkg-config}"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
unset MAKEFLAGS MFLAGS MAKELEVEL MAKEOVERRIDES TESTS || :

(cd "$top_builddir" && $MAKE install DESTDIR="$work") > "$work/install.log" 2>&1 || {
  cat "$work/install.log"
  echo "check_install: make install failed"
  exit 1
}
PKG_CONFIG_PATH=$work$libdir/pkgconfig${PKG_CONFIG_PATH:+:$PKG_CONFIG_PATH}
PKG_CONFIG_SYSROOT_DIR=$work
PKG_CONFIG_ALLOW_SYSTEM_CFLAGS=1
PKG_CONFIG_ALLOW_SYSTEM_LIBS=1
export PKG_CONFIG_PATH PKG_CONFIG_SYSROOT_DIR
export PKG_CONFIG_ALLOW_SYSTEM_CFLAGS PKG_CONFIG_ALLOW_SYSTEM_LIBS

try() { # PACKAGE SOURCE COMPILER...
  package=$1 source=$2
  shift 2
  flags=$($PKG_CONFIG --cflags --libs "$package")
  "$@" -Wall -Wextra -Werror -o "$work/program" "$top_srcdir/tests/dist/$source" $flags ${LDFLAGS-}
  LD_LIBRARY_PATH=$work$libdir${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH} "$work/program" || {
    echo "check_install: $source, built with $package, fails"
    exit 1
  }
  echo "check_install: $source runs with $package $($PKG_CONFIG --modversion "$package")"
}

try libdhcpha install_core.c $CC ${CFLAGS-} -std=c99
try libdhcpha install_core.cc $CXX ${CXXFLAGS-} -std=c++11
if [ -e "$work$libdir/pkgconfig/libdhcpha-http.pc" ]; then
  try libdhcpha-http install_http.c $CC ${CFLAGS-} -std=c99
fi
