// OpenSSL 3, with functions in place of the macros that Swift cannot import.
#ifndef HELIOGRAPH_COPENSSL_H
#define HELIOGRAPH_COPENSSL_H

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

static inline long openssl_set_min_protocol(SSL_CTX *context, int version) {
  return SSL_CTX_set_min_proto_version(context, version);
}
static inline long openssl_set_mode(SSL_CTX *context, long mode) { return SSL_CTX_set_mode(context, mode); }
static inline long openssl_cache_sessions_outside(SSL_CTX *context) {
  return SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL);
}
static inline long openssl_set_server_name(SSL *connection, const char *name) { return SSL_set_tlsext_host_name(connection, name); }
static inline EVP_PKEY *openssl_generate_p256(void) { return EVP_EC_gen("P-256"); }

#endif
