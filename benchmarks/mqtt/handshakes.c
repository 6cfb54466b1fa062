// What a TLS 1.3 handshake with a client certificate costs one thread that does nothing else: the best that a client can do.
// usage: handshakes HOST PORT CA CERTIFICATE KEY COUNT full|resumed
#include <arpa/inet.h>
#include <openssl/ssl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

static SSL_SESSION *kept = NULL;

static int keep(SSL *connection, SSL_SESSION *session) {
  (void)connection;
  SSL_SESSION_free(kept);
  kept = SSL_SESSION_dup(session);
  return 0;
}

static double used(void) {
  struct rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  return usage.ru_utime.tv_sec + usage.ru_stime.tv_sec + (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

// A CONNECT of MQTT 3.1.1 with the client id "bench", and room for the CONNACK: after it the session tickets have come.
static const unsigned char connect_packet[] = {0x10, 17, 0, 4, 'M', 'Q', 'T', 'T', 4, 2, 0, 60, 0, 5, 'b', 'e', 'n', 'c', 'h'};

int main(int count, char **arguments) {
  if (count != 8) return 2;
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((unsigned short)atoi(arguments[2]))};
  inet_pton(AF_INET, arguments[1], &address.sin_addr);
  int total = atoi(arguments[6]), is_resumed = strcmp(arguments[7], "resumed") == 0, resumed = 0;
  SSL_CTX *context = SSL_CTX_new(TLS_client_method());
  SSL_CTX_load_verify_locations(context, arguments[3], NULL);
  SSL_CTX_set_verify(context, SSL_VERIFY_PEER, NULL);
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL);
  SSL_CTX_sess_set_new_cb(context, keep);
  double start = 0;
  for (int number = -1; number < total; number++) {
    if (number == 0) start = used();
    int descriptor = socket(AF_INET, SOCK_STREAM, 0);
    if (connect(descriptor, (struct sockaddr *)&address, sizeof address)) { perror("connect"); return 1; }
    SSL *connection = SSL_new(context);
    SSL_set_fd(connection, descriptor);
    // As each device has a certificate of its own, it is read for each connection.
    if (SSL_use_certificate_file(connection, arguments[4], SSL_FILETYPE_PEM) != 1) return 1;
    if (SSL_use_PrivateKey_file(connection, arguments[5], SSL_FILETYPE_PEM) != 1) return 1;
    if (is_resumed && kept) SSL_set_session(connection, kept);
    if (SSL_connect(connection) != 1) { fputs("the handshake failed\n", stderr); return 1; }
    unsigned char answer[16];
    SSL_write(connection, connect_packet, sizeof connect_packet);
    if (SSL_read(connection, answer, sizeof answer) < 4 || answer[3] != 0) { fputs("no CONNACK\n", stderr); return 1; }
    resumed += number >= 0 && SSL_session_reused(connection);
    SSL_free(connection);
    close(descriptor);
  }
  double seconds = used() - start;
  printf("%.0f %.3f %d\n", total / seconds, seconds / total * 1e3, resumed);
  return 0;
}
