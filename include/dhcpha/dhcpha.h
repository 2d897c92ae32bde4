/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/**
 * @file dhcpha.h
 * The whole core in one include; the transport is in http.h.
 */
#ifndef DHCPHA_DHCPHA_H
#define DHCPHA_DHCPHA_H

#include <dhcpha/action.h>
#include <dhcpha/callbacks.h>
#include <dhcpha/config.h>
#include <dhcpha/hub.h>
#include <dhcpha/lease.h>
#include <dhcpha/names.h>
#include <dhcpha/query.h>
#include <dhcpha/report.h>
#include <dhcpha/types.h>

#endif
