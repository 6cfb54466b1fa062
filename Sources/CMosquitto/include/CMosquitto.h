// libmosquitto, with the cure for the hidden socket pair of every client.
#ifndef HELIOGRAPH_CMOSQUITTO_H
#define HELIOGRAPH_CMOSQUITTO_H

#include <mosquitto.h>
#include <mqtt_protocol.h>
#include <stdbool.h>

/// `mosquitto_new` without the socket pair that the library opens for its own threads: an external loop
/// never reads it, so that it would cost two descriptors a client and grow by a byte for each message queued.
struct mosquitto *mosquitto_new_without_socketpair(const char *id, bool clean_session, void *userdata);

#endif
