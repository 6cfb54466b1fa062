#define _GNU_SOURCE
#include "CMosquitto.h"
#include <errno.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

static __thread bool refuse_socketpair = false;

// Takes the place of libc's symbol for the whole process: refuses while a client is being made, else asks the kernel.
int socketpair(int domain, int type, int protocol, int descriptors[2]) {
  if (refuse_socketpair) {
    errno = EMFILE;
    return -1;
  }
  return (int)syscall(SYS_socketpair, domain, type, protocol, descriptors);
}

struct mosquitto *mosquitto_new_without_socketpair(const char *id, bool clean_session, void *userdata) {
  refuse_socketpair = true;
  struct mosquitto *client = mosquitto_new(id, clean_session, userdata);
  refuse_socketpair = false;
  return client;
}
