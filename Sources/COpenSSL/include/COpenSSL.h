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
static inline EVP_PKEY *openssl_generate_p256(void) { return EVP_EC_gen("P-256"); }

#endif
