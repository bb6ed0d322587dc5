/* client_tls.c: TLS as a client needs it: the certificate is checked, and so is its name. */
#include "client_tls.h"

#include "client_fault.h"

#include <arpa/inet.h>
#include <openssl/err.h>
#include <openssl/x509v3.h>

SSL_CTX *tls_trusting(const char *ca)
{
    SSL_CTX *tls = SSL_CTX_new(TLS_client_method());
    if (tls == NULL || SSL_CTX_set_min_proto_version(tls, TLS1_2_VERSION) != 1) {
        fault("no memory for TLS");
        SSL_CTX_free(tls);
        return NULL;
    }
    int loaded = ca == NULL ? SSL_CTX_set_default_verify_paths(tls)
                            : SSL_CTX_load_verify_locations(tls, ca, NULL);
    if (loaded != 1) {
        fault("--ca: no certificate can be read there; expected a file of PEM certificates");
        SSL_CTX_free(tls);
        return NULL;
    }
    SSL_CTX_set_verify(tls, SSL_VERIFY_PEER, NULL);
    /* Without renegotiation, writing never waits for the peer to say something. */
    SSL_CTX_set_options(tls, SSL_OP_NO_RENEGOTIATION);
    SSL_CTX_set_mode(tls, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    return tls;
}

bool tls_expect(SSL *tls, const char *name)
{
    uint8_t address[16];
    if (inet_pton(AF_INET, name, address) == 1 || inet_pton(AF_INET6, name, address) == 1) {
        /* An address is no server name: it is not sent ahead (RFC 6066 section 3). */
        return X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(tls), name) == 1;
    }
    SSL_set_hostflags(tls, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
    return SSL_set1_host(tls, name) == 1 && SSL_set_tlsext_host_name(tls, name) == 1;
}

bool tls_refused(const SSL *tls, const char *name)
{
    long result = SSL_get_verify_result(tls);
    if (result == X509_V_ERR_HOSTNAME_MISMATCH || result == X509_V_ERR_IP_ADDRESS_MISMATCH) {
        return fault("%s: the certificate is for another host; connect to the one it is for", name);
    }
    if (result != X509_V_OK) {
        return fault("%s: the certificate is not trusted: %s; if it should be, name who signed it "
                     "with --ca",
                     name, X509_verify_cert_error_string(result));
    }
    const char *reason = ERR_reason_error_string(ERR_peek_last_error());
    return fault("%s: no TLS: %s; is it a ws:// server?", name,
                 reason == NULL ? "the server ended the connection" : reason);
}
