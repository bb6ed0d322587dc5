/* client_tls.h: the client's side of TLS, by OpenSSL. */
#ifndef EXAMPLE_CLIENT_TLS_H
#define EXAMPLE_CLIENT_TLS_H

#include <openssl/ssl.h>
#include <stdbool.h>

/* Trusts the certificates in the file `ca`, or those of the system if it is null. Null, after a
 * line on stderr, if the file is of no use; the caller frees it. */
SSL_CTX *tls_trusting(const char *ca);

/* The certificate must be for this host name or address. Before the TLS handshake; false if there
 * is no memory. */
bool tls_expect(SSL *tls, const char *name);

/* Says on stderr why the TLS handshake with this host failed. Returns false. */
bool tls_refused(const SSL *tls, const char *name);

#endif
