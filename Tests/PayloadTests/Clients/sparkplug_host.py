"""A Sparkplug host on paho-mqtt and pysparkplug: reads what edge nodes publish, checks the rules of Sparkplug 3.0, prints every value.

usage: sparkplug_host.py PORT SECONDS [--ca FILE --user NAME --password FILE] [--rebirth-after N]

Prints "ready" when it is subscribed. After SECONDS prints one JSON line for each metric of DATA and, last, a summary. Exit code 1 when a rule
was broken.
"""

import argparse
import json
import ssl
import sys
import time

import paho.mqtt.client as mqtt
from pysparkplug import DBirth, DData, DataType, Metric, NBirth, NCmd, NData, NDeath
import pysparkplug._protobuf as protobuf


class Host:
    def __init__(self, rebirth_after):
        self.births = {}  # node or node/device -> birth
        self.sequence = {}  # node -> last seq
        self.session = {}  # node -> bdSeq
        self.count = {"NBIRTH": 0, "DBIRTH": 0, "NDATA": 0, "DDATA": 0, "NDEATH": 0, "historical": 0, "rebirths": 0}
        self.broken = []
        self.values = []
        self.rebirth_after = rebirth_after

    def rule(self, holds, text):
        if not holds:
            self.broken.append(text)

    def message(self, client, userdata, message):
        levels = message.topic.split("/")
        node = levels[3]
        kind = levels[2]
        if kind not in self.count:
            return
        self.count[kind] += 1
        name = "/".join(levels[3:])
        self.rule(levels[0] == "spBv1.0", f"{message.topic}: namespace")
        # What the broker hands out on a subscription with QoS 1 is what was published with.
        self.rule(message.retain == 0, f"{message.topic}: retained")
        if kind == "NDEATH":
            death = NDeath.decode(message.payload)
            self.rule(death.bd_seq_metric.value == self.session.get(node), f"{name}: NDEATH of another session than {self.session.get(node)}")
            return
        self.rule(message.qos == 0, f"{message.topic}: QoS {message.qos}")
        if kind == "NBIRTH":
            birth = NBirth.decode(message.payload)
            metrics = {metric.name: metric for metric in birth.metrics}
            self.rule(birth.seq == 0, f"{name}: NBIRTH with seq {birth.seq}")
            self.rule("bdSeq" in metrics and 0 <= metrics["bdSeq"].value <= 255, f"{name}: bdSeq")
            control = metrics.get("Node Control/Rebirth")
            self.rule(control is not None and control.datatype == DataType.BOOLEAN and control.value is False, f"{name}: Rebirth")
            aliases = [metric.alias for metric in birth.metrics if metric.alias is not None]
            self.rule(len(set(aliases)) == len(aliases), f"{name}: aliases twice")
            self.session[node] = metrics["bdSeq"].value
            self.sequence[node] = 0
            self.births[name] = birth
            return
        payload = protobuf.Payload.FromString(message.payload)
        expected = (self.sequence.get(node, -2) + 1) % 256
        self.rule(payload.seq == expected, f"{name}: {kind} with seq {payload.seq} instead of {expected}")
        self.sequence[node] = payload.seq
        if kind == "DBIRTH":
            self.births[name] = DBirth.decode(message.payload)
            return
        self.rule(all(not metric.name and metric.HasField("alias") for metric in payload.metrics), f"{name}: DATA with names")
        birth = self.births.get(name)
        if birth is None:
            self.broken.append(f"{name}: DATA before its birth")
            return
        data = (NData if kind == "NDATA" else DData).decode(message.payload, birth=birth)
        for metric, raw in zip(data.metrics, payload.metrics):
            properties = {key: value.string_value or value.int_value or value.long_value for key, value in zip(raw.properties.keys, raw.properties.values)}
            self.count["historical"] += metric.is_historical
            self.values.append(
                {"sensor_id": f"{levels[-1]}.{metric.name}", "timestamp": metric.timestamp, "value": metric.value,
                 "seq": properties.get("seq", 0), "historical": bool(metric.is_historical)})
        if self.rebirth_after and self.count["NDATA"] + self.count["DDATA"] == self.rebirth_after:
            command = NCmd(timestamp=int(time.time() * 1000), metrics=(
                Metric(timestamp=int(time.time() * 1000), name="Node Control/Rebirth", datatype=DataType.BOOLEAN, value=True),))
            client.publish(f"spBv1.0/{levels[1]}/NCMD/{node}", command.encode(include_dtypes=True), qos=0)
            self.count["rebirths"] += 1


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("port", type=int)
    parser.add_argument("seconds", type=float)
    parser.add_argument("--ca")
    parser.add_argument("--user")
    parser.add_argument("--password")
    parser.add_argument("--rebirth-after", type=int, default=0)
    options = parser.parse_args()
    host = Host(options.rebirth_after)
    client = mqtt.Client(client_id="sparkplug-host")
    if options.ca:
        client.tls_set(options.ca, tls_version=ssl.PROTOCOL_TLS_CLIENT)
    if options.user:
        client.username_pw_set(options.user, open(options.password).read().strip())
    client.on_connect = lambda client, *_: client.subscribe("spBv1.0/#", qos=1)
    client.on_subscribe = lambda *_: print("ready", flush=True)

    def guarded(*arguments):
        try:
            host.message(*arguments)
        except Exception as error:  # pysparkplug refuses what breaks its rules
            host.broken.append(f"{arguments[2].topic}: {error!r}")

    client.on_message = guarded
    client.connect("localhost", options.port)
    client.loop_start()
    time.sleep(options.seconds)
    client.loop_stop()
    for value in host.values:
        print(json.dumps(value))
    print(json.dumps({"counts": host.count, "broken": host.broken[:20]}))
    sys.exit(1 if host.broken else 0)


main()
