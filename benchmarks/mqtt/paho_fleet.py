"""1,000 TLS clients of paho-mqtt on one epoll loop, QoS 1, 200 bytes, one message each in flight: what the fastest Python publisher costs."""
import resource, select, ssl, sys, time
import paho.mqtt.client as mqtt

port, authority, clients, seconds = int(sys.argv[1]), sys.argv[2], int(sys.argv[3]), float(sys.argv[4])
payload, topic = b"x" * 200, "telemetry/site/device/TEMPERATURE"
poller, by_descriptor, acknowledged, connected = select.epoll(), {}, 0, 0
context = ssl.create_default_context(cafile=authority)


def on_connect(client, userdata, flags, reason, properties):
    global connected
    connected += 1


def on_publish(client, userdata, mid, reason, properties):
    global acknowledged
    acknowledged += 1
    client.publish(topic, payload, qos=1)


def serve(descriptor, events):
    client = by_descriptor[descriptor]
    if events & select.EPOLLIN:
        client.loop_read()
    if client.want_write():
        client.loop_write()


for number in range(clients):
    client = mqtt.Client(mqtt.CallbackAPIVersion.VERSION2, client_id=f"paho-{number}")
    client.tls_set_context(context)
    client.on_connect, client.on_publish = on_connect, on_publish
    client.connect("localhost", port)
    descriptor = client.socket().fileno()
    by_descriptor[descriptor] = client
    poller.register(descriptor, select.EPOLLIN)
    while client.want_write():
        client.loop_write()
while connected < clients:
    for descriptor, events in poller.poll(1):
        serve(descriptor, events)
for client in by_descriptor.values():
    client.publish(topic, payload, qos=1)
def used():
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime
begin, cpu, before = time.monotonic(), used(), acknowledged
while time.monotonic() - begin < seconds:
    for descriptor, events in poller.poll(0.1):
        serve(descriptor, events)
elapsed, cpu, count = time.monotonic() - begin, used() - cpu, acknowledged - before
print(f"{count / elapsed:.0f} {cpu / count * 1e6:.1f} {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f}")
