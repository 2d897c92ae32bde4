#!/bin/sh
# libdhcpha - DHCP High Availability as a library
# SPDX-License-Identifier: MPL-2.0
#
# Doxygen's filter for the protocol reference: a table of contents, and for each numbered section
# the name the code cites it by ("P1 4.5") and a label (p1_4_5).  The table shows markup
# as it is written, so headings go without.
case ${1##*/} in
  1-*) part=1 ;;
  *) part=2 ;;
esac
sed -E -e '/^#/s/`|\*\*//g' -e '1s/$/ {#p'$part'}\n\n[TOC]\n/' \
  -e 's/^(#+) ([0-9]+)\.([0-9]+)\.([0-9]+) (.*)$/\1 P'$part' \2.\3.\4 \5 {#p'$part'_\2_\3_\4}/' \
  -e 's/^(#+) ([0-9]+)\.([0-9]+) (.*)$/\1 P'$part' \2.\3 \4 {#p'$part'_\2_\3}/' \
  -e 's/^(#+) ([0-9]+)\. (.*)$/\1 P'$part' \2. \3 {#p'$part'_\2}/' "$1"
