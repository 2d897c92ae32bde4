/*
 * libdhcpha - DHCP High Availability as a library
 * SPDX-License-Identifier: MPL-2.0
 */
/**
 * @file http.h
 * The ready-made transport: commands over HTTP (libdhcpha-http).
 *
 * One descriptor stands for all connections and all deadlines, so that it
 * goes into any event loop: when the descriptor is readable, call
 * dhcpha_http_dispatch().  It never blocks.
 */
#ifndef DHCPHA_HTTP_H
#define DHCPHA_HTTP_H

#include <dhcpha/hub.h>

#include <string.h>

#ifdef __cplusplus
extern "C" {
#endif

/** A client and any number of listeners. */
typedef struct dhcpha_http dhcpha_http;

/**
 * The limits of a transport.  0 stands for the default.
 *
 * When `connections_max` connections are there and one more comes, the one idle for longest is
 * closed.  If none is idle, the requester with most connections loses one that is receiving or
 * sending, provided that it has more than the newcomer would have; else the newcomer is turned
 * away (503).  A request that the host has is never dropped.
 */
typedef struct dhcpha_http_options {
  size_t size;                 /**< Set by dhcpha_http_options_init(). */
  size_t request_body_max;     /**< Bytes of a request taken in; default 4 MiB. */
  size_t answer_body_max;      /**< Bytes of an answer taken in; default 64 MiB. */
  size_t header_max;           /**< Bytes of a request's or answer's header; default 16 KiB. */
  unsigned connections_max;    /**< Connections the listeners accept at a time; default 64. */
  unsigned connections_per_peer_max; /**< Connections opened to one peer, each with
                                          one command in flight; default 8. */
  size_t queue_max;            /**< Commands waiting or in flight, all peers; default 65536. */
  unsigned receive_timeout_ms; /**< For a whole request to arrive; default 10000. */
  unsigned idle_timeout_ms;    /**< For a kept connection without a request; default 30000. */
} dhcpha_http_options;

/** Start from the defaults.
 *  @param options  Filled in. */
static inline void dhcpha_http_options_init(dhcpha_http_options *options) {
  memset(options, 0, sizeof *options);
  options->size = sizeof *options;
}

/** What a transport tells its host.  Any dhcpha_http function but _free() may be called from
 *  these. */
typedef struct dhcpha_http_callbacks {
  size_t size; /**< Set by dhcpha_http_callbacks_init(). */
  /** A request came in on the listener with number @p listener: answer it, now or later, with
   *  dhcpha_http_answer(). */
  void (*command_received)(uint64_t id, const char *json, size_t json_len, size_t listener,
                           void *user_data);
  /** An answer to dhcpha_http_send() came in. */
  void (*command_answered)(uint64_t id, const char *json, size_t json_len, void *user_data);
  /** There will be no answer to dhcpha_http_send(). */
  void (*command_failed)(uint64_t id, dhcpha_status why, const char *text, void *user_data);
  /** Part of an answer came in; at most once in 100 ms for each command.  May be NULL. */
  void (*command_progressed)(uint64_t id, void *user_data);
  /** A listener refused a request by itself (400, 408, 413, 431, 505), or a connection (503): for
   *  the log.  May be NULL.  The requester reads the JSON map of P1 4.3; but what libmicrohttpd
   *  cannot parse, and its 413, 431 and 505, carry an HTML page instead: up to 0.9.75 at least it
   *  lets nobody replace that. */
  void (*request_refused)(size_t listener, int http_status, const char *text, void *user_data);
} dhcpha_http_callbacks;

/** Start from no callbacks.
 *  @param callbacks  Filled in. */
static inline void dhcpha_http_callbacks_init(dhcpha_http_callbacks *callbacks) {
  callbacks->size = sizeof *callbacks;
  callbacks->command_received = NULL;
  callbacks->command_answered = NULL;
  callbacks->command_failed = NULL;
  callbacks->command_progressed = NULL;
  callbacks->request_refused = NULL;
}

/**
 * Make a transport.
 *
 * @param options    Copied; NULL for the defaults.
 * @param callbacks  Copied.  All but the optional ones must be there.
 * @param user_data  Handed to each callback.
 * @param http       Receives the transport, to be given to dhcpha_http_free(); NULL on failure.
 * @retval DHCPHA_OK            Made.
 * @retval DHCPHA_ERR_NOMEM     Out of memory.
 * @retval DHCPHA_ERR_ARGUMENT  An argument or a callback is missing.
 * @retval DHCPHA_ERR_IO        No descriptor left, or libcurl or libmicrohttpd could not start.
 * @since 0.1.0
 */
DHCPHA_API dhcpha_status dhcpha_http_new(const dhcpha_http_options *options,
                                         const dhcpha_http_callbacks *callbacks,
                                         void *user_data, dhcpha_http **http);

/**
 * Listen for requests.
 *
 * @param http      The transport.
 * @param address   Where; IPv4 or IPv6.
 * @param port      Where; 0: any free port.
 * @param listener  Receives the listener's number, from 0 on; may be NULL.
 * @retval DHCPHA_OK            Listening.
 * @retval DHCPHA_ERR_IO        The address is in use, or not this host's; errno tells.
 * @retval DHCPHA_ERR_NOMEM     Out of memory.
 * @retval DHCPHA_ERR_ARGUMENT  @p address is none.
 * @since 0.1.0
 */
DHCPHA_API dhcpha_status dhcpha_http_listen(dhcpha_http *http, const dhcpha_address *address,
                                            uint16_t port, size_t *listener);

/**
 * The port of a listener.
 * @param http      The transport.
 * @param listener  Its number.
 * @return The port; 0 when there is no such listener.
 * @since 0.1.0
 */
DHCPHA_API uint16_t dhcpha_http_get_port(const dhcpha_http *http, size_t listener);

/**
 * Send a command.  Its outcome comes by callback, exactly once, not before this call returns.
 *
 * @param http        The transport.
 * @param id          The caller's, not in use by another command.
 * @param url         Where to; its path is not used (P1 1.6).
 * @param json        The request's body; copied.
 * @param json_len    Its length, bytes.
 * @param timeout_ms  How long the peer may be silent; at least 1.
 * @retval DHCPHA_OK            On its way.
 * @retval DHCPHA_ERR_LIMIT     `queue_max` commands are waiting.
 * @retval DHCPHA_ERR_NOMEM     Out of memory.
 * @retval DHCPHA_ERR_ARGUMENT  An argument is missing, or the URL is none.
 * @since 0.1.0
 */
DHCPHA_API dhcpha_status dhcpha_http_send(dhcpha_http *http, uint64_t id, const char *url,
                                          const char *json, size_t json_len,
                                          uint32_t timeout_ms);

/**
 * Forget every command that was sent; no callback comes for them.
 * @param http  The transport.
 * @since 0.1.0
 */
DHCPHA_API void dhcpha_http_cancel_all(dhcpha_http *http);

/**
 * Answer a request.
 *
 * A requester that closes its connection while it waits is gone, and its request with it; one that
 * closed its sending side before its request was complete is not.
 *
 * @param http         The transport.
 * @param id           The request's.
 * @param http_status  200, 400, 401, 403, 408 or 500; from 200 to 599 at any rate.
 * @param json         The answer's body; copied.
 * @param json_len     Its length, bytes.
 * @retval DHCPHA_OK           On its way.
 * @retval DHCPHA_ERR_UNKNOWN  The requester is gone.
 * @retval DHCPHA_ERR_NOMEM    Out of memory; the connection was closed.
 * @retval DHCPHA_ERR_ARGUMENT An argument is missing, or @p http_status is none.
 * @since 0.1.0
 */
DHCPHA_API dhcpha_status dhcpha_http_answer(dhcpha_http *http, uint64_t id, int http_status,
                                            const char *json, size_t json_len);

/**
 * The descriptor to watch for reading.  It stays the same.
 *
 * It is readable whenever dhcpha_http_dispatch() has something to do: bytes came in, a deadline
 * passed, or dhcpha_http_send() or dhcpha_http_answer() left some work.  Nothing else needs to be
 * watched, and no timeout.
 *
 * @param http  The transport.
 * @return The descriptor; it belongs to the transport.
 * @since 0.1.0
 */
DHCPHA_API int dhcpha_http_get_fd(const dhcpha_http *http);

/**
 * How long dhcpha_http_dispatch() may wait at the most.  Changes with every call.
 *
 * For hosts that like to know.  Nobody needs to ask, nor to ask again after dhcpha_http_send() or
 * dhcpha_http_answer(): the descriptor becomes readable when this time has passed.
 *
 * @param http  The transport.
 * @return Milliseconds, 0 for at once; -1 for no limit.
 * @since 0.1.0
 */
DHCPHA_API int dhcpha_http_get_timeout_ms(dhcpha_http *http);

/**
 * Do what can be done without waiting; callbacks are called from here.
 * @param http  The transport.
 * @since 0.1.0
 */
DHCPHA_API void dhcpha_http_dispatch(dhcpha_http *http);

/**
 * End a transport: listeners and connections are closed, no callback is called.
 * @param http  The transport, or NULL.
 * @since 0.1.0
 */
DHCPHA_API void dhcpha_http_free(dhcpha_http *http);

#ifdef __cplusplus
}
#endif
#endif
