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

#include <dhcpha/config.h>
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
                                          one command in flight; default 32. */
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
  /** A listener refused a request by itself (400, 401, 408, 413, 431, 505), or a connection (503;
   *  0 for one whose TLS handshake failed): for the log.  May be NULL.  The requester reads the JSON map of P1 4.3; but what libmicrohttpd
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

/** Who is let in by a listener. */
typedef struct dhcpha_http_listen_options {
  size_t size;              /**< Set by dhcpha_http_listen_options_init(). */
  const char *trust_anchor; /**< Who signs the requesters' certificates: a PEM file, or a folder of
                                 files named by hash.  NULL or "": no TLS. */
  const char *cert_file;    /**< This server's certificate, a chain in PEM; NULL or "": no TLS. */
  const char *key_file;     /**< Its key, in PEM, not encrypted; NULL or "": no TLS. */
  bool require_client_certs; /**< With TLS: a requester must show a certificate. */
  const char *user;         /**< Who may send requests; NULL or "": everybody. */
  const char *password;     /**< His password; NULL stands for "". */
} dhcpha_http_listen_options;

/** Start from plain HTTP for everybody.
 *  @param options  Filled in. */
static inline void dhcpha_http_listen_options_init(dhcpha_http_listen_options *options) {
  options->size = sizeof *options;
  options->trust_anchor = options->cert_file = options->key_file = NULL;
  options->require_client_certs = false;
  options->user = options->password = NULL;
}

/**
 * Listen for requests, and look at who sends them.
 *
 * With TLS, version 1.2 is the least.  A handshake that fails (among others for want of a
 * certificate) is told by request_refused() with status 0, and a request without the right
 * credentials with 401.
 *
 * @param http      The transport.
 * @param address   Where; IPv4 or IPv6.
 * @param port      Where; 0: any free port.
 * @param options   Read during the call; NULL for plain HTTP for everybody.
 * @param listener  Receives the listener's number, from 0 on; may be NULL.
 * @retval DHCPHA_OK            Listening.
 * @retval DHCPHA_ERR_IO        The address is in use, or not this host's; errno tells.
 * @retval DHCPHA_ERR_NOMEM     Out of memory.
 * @retval DHCPHA_ERR_CONFIG    A file of TLS is missing or not usable;
 *                              dhcpha_http_get_error() tells.
 * @retval DHCPHA_ERR_ARGUMENT  @p address is none, or some of the three files are named and some
 *                              not.
 * @since 0.2.0
 */
DHCPHA_API dhcpha_status dhcpha_http_listen_with(dhcpha_http *http, const dhcpha_address *address,
                                                 uint16_t port,
                                                 const dhcpha_http_listen_options *options,
                                                 size_t *listener);

/**
 * Listen as the configuration says: on the URLs of this server, with its TLS and credentials.
 *
 * One number stands for all of its URLs.  Where a host is a name, this call waits for it to be
 * looked up.  With TLS or not depends on the TLS parameters alone, not on the URL (P1 1.7).
 *
 * @param http                  The transport.
 * @param self                  This server's own entry; read during the call.
 * @param require_client_certs  Of its relationship.
 * @param listener              Receives the listener's number, from 0 on; may be NULL.
 * @retval DHCPHA_OK            Listening on all of them.
 * @retval DHCPHA_ERR_IO        An address is in use, or not this host's, or a name is unknown.
 * @retval DHCPHA_ERR_NOMEM     Out of memory.
 * @retval DHCPHA_ERR_CONFIG    A file of TLS is missing or not usable.
 * @retval DHCPHA_ERR_ARGUMENT  An argument is missing.
 * On failure it listens on none, and dhcpha_http_get_error() tells more.
 * @since 0.2.0
 */
DHCPHA_API dhcpha_status dhcpha_http_listen_peer(dhcpha_http *http, const dhcpha_peer *self,
                                                 bool require_client_certs, size_t *listener);

/**
 * The port of a listener.
 * @param http      The transport.
 * @param listener  Its number.
 * @return The port; 0 when there is no such listener.
 * @since 0.1.0
 */
DHCPHA_API uint16_t dhcpha_http_get_port(const dhcpha_http *http, size_t listener);

/**
 * Tell the transport how to reach a peer: its URLs, its TLS parameters and its credentials.
 *
 * Commands to it are then sent with dhcpha_http_send_to(), or with dhcpha_http_send() and its first
 * URL.  TLS is used when its parameters are set, whatever the URL says; the peer's certificate must
 * be of its trust anchor, its host name is not looked at (P1 1.7).
 *
 * Its URLs are tried in order: when no connection can be made, or not in time, the command goes to
 * the next URL at once.  The URL that worked is used until it fails; then the first comes first
 * again.  Names are looked up when they are needed, and again after a failure.
 *
 * A peer that is known by that name already is replaced; commands that are on their way to it stay
 * so.
 *
 * @param http  The transport.
 * @param peer  Copied.
 * @retval DHCPHA_OK            Known from now on.
 * @retval DHCPHA_ERR_CONFIG    A file of TLS is missing or not usable;
 *                              dhcpha_http_get_error() tells.
 * @retval DHCPHA_ERR_NOMEM     Out of memory.
 * @retval DHCPHA_ERR_ARGUMENT  An argument is missing.
 * @since 0.2.0
 */
DHCPHA_API dhcpha_status dhcpha_http_add_peer(dhcpha_http *http, const dhcpha_peer *peer);

/**
 * Whether a peer's TLS files can be loaded, without a transport: to check a configuration.
 *
 * @param peer       The peer; one without TLS is fine.
 * @param text       Receives what is wrong, ended with 0; may be NULL.
 * @param text_size  Room for it; 512 is enough.
 * @retval DHCPHA_OK            They can.
 * @retval DHCPHA_ERR_CONFIG    They cannot, and the text tells why: it names parameter, file, peer.
 * @retval DHCPHA_ERR_NOMEM     Out of memory.
 * @retval DHCPHA_ERR_ARGUMENT  @p peer is NULL.
 * @since 0.2.0
 */
DHCPHA_API dhcpha_status dhcpha_http_check_peer(const dhcpha_peer *peer, char *text,
                                                size_t text_size);

/**
 * Load all trust anchors, certificates and keys again.
 *
 * Connections made from now on use the new ones; those that are there go on with the old ones.
 * Where a file is missing or not usable, those of that peer or listener stay as they are.
 *
 * @param http  The transport.
 * @retval DHCPHA_OK            All were loaded.
 * @retval DHCPHA_ERR_CONFIG    Some were not; dhcpha_http_get_error() tells of the first.
 * @retval DHCPHA_ERR_NOMEM     Out of memory; some may have been loaded.
 * @retval DHCPHA_ERR_ARGUMENT  @p http is NULL.
 * @since 0.2.0
 */
DHCPHA_API dhcpha_status dhcpha_http_reload_certificates(dhcpha_http *http);

/**
 * What was wrong with the last call that failed to listen, to add a peer or to load certificates.
 * @param http  The transport.
 * @return A text, valid until the next of these calls; "" when there is nothing to tell.
 * @since 0.2.0
 */
DHCPHA_API const char *dhcpha_http_get_error(const dhcpha_http *http);

/**
 * Send a command to a peer.  Its outcome comes by callback, exactly once, not before this call
 * returns.
 *
 * @param http        The transport.
 * @param id          The caller's, not in use by another command.
 * @param peer        Its name, as dhcpha_http_add_peer() knows it.
 * @param json        The request's body; copied.
 * @param json_len    Its length, bytes.
 * @param timeout_ms  How long the peer may be silent, the search for one of its URLs that works
 *                    included; at least 1.
 * @retval DHCPHA_OK            On its way.
 * @retval DHCPHA_ERR_UNKNOWN   No peer has that name.
 * @retval DHCPHA_ERR_LIMIT     `queue_max` commands are waiting.
 * @retval DHCPHA_ERR_NOMEM     Out of memory.
 * @retval DHCPHA_ERR_ARGUMENT  An argument is missing.
 * @since 0.2.0
 */
DHCPHA_API dhcpha_status dhcpha_http_send_to(dhcpha_http *http, uint64_t id, const char *peer,
                                             const char *json, size_t json_len,
                                             uint32_t timeout_ms);

/**
 * Send a command to a URL.  Its outcome comes by callback, exactly once, not before this call returns.
 *
 * @param http        The transport.
 * @param id          The caller's, not in use by another command.
 * @param url         Where to: the first URL of a peer, whose TLS and credentials are then used,
 *                    or any other, with http; its path is not used (P1 1.6).
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
