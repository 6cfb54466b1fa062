"""Compares messages with readings: what cbor2 and Python's own json read of `heliograph trace --format payload` is what the trace says.

usage: trace_reader.py TRACE MESSAGES cbor|json

Messages are telemetry events, narrow or wide. Exit code 1 when something differs.
"""

import json
import sys

import cbor2

wanted = {}
for line in open(sys.argv[1], encoding="utf-8"):
    row = json.loads(line)
    wanted[(row["sensor_id"], row["timestamp"])] = (row["value"], row["seq"], row["unit"], row["quality"])
found = {}
for line in open(sys.argv[2], encoding="utf-8"):
    if sys.argv[3] == "cbor":
        raw = bytes.fromhex(line.strip())
        event = cbor2.loads(raw)
        if cbor2.dumps(event, canonical=True) != raw:
            sys.exit(f"not the deterministic encoding: {line}")
    else:
        event = json.loads(line)
    if "values" in event:
        for name, value in event["values"].items():
            found[(f"{event['asset_id']}.{name}", event["timestamp"])] = (
                value, event["seqs"][name], event["units"][name], event["quality_flags"][name])
    else:
        found[(event["sensor_id"], event["timestamp"])] = (
            event["value"], event["metadata"]["seq"], event["unit"], event["quality_flag"])
different = [key for key in wanted.keys() | found.keys() if wanted.get(key) != found.get(key)]
print(f"{len(found)} readings, {len(different)} differ: {[(key, wanted.get(key), found.get(key)) for key in different[:3]]}")
sys.exit(1 if different or not found else 0)
