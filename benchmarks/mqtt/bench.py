"""The measurements behind benchmarks/mqtt/run; see docs/mqtt.md. Needs mosquitto, and for `publish` a Python with paho-mqtt."""
import json, os, pathlib, re, resource, shutil, signal, socket, sqlite3, subprocess, sys, tempfile, time

HERE = pathlib.Path(__file__).parent
TICK = os.sysconf("SC_CLK_TCK")
resource.setrlimit(resource.RLIMIT_NOFILE, (resource.getrlimit(resource.RLIMIT_NOFILE)[1],) * 2)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Broker:
    def __init__(self, folder, settings):
        self.folder, self.port, self.log = folder, free_port(), f"{folder}/broker.log"
        tls = f"{folder}/tls"
        text = f"""listener {self.port} 127.0.0.1
cafile {tls}/ca.crt
certfile {tls}/server.crt
keyfile {tls}/server.key
max_queued_messages 0
max_inflight_messages 0
log_dest file {self.log}
log_type notice
connection_messages true
user root
{settings}
"""
        pathlib.Path(f"{folder}/mosquitto.conf").write_text(text)
        self.start()

    def start(self):
        self.process = subprocess.Popen(["mosquitto", "-c", f"{self.folder}/mosquitto.conf"], stderr=subprocess.DEVNULL)
        while True:
            try:
                socket.create_connection(("127.0.0.1", self.port), 1).close()
                return
            except OSError:
                time.sleep(0.005)

    def kill(self):
        self.process.kill()
        self.process.wait()

    def connections(self):
        return sum(" as p" in line for line in open(self.log, errors="replace") if "New client connected" in line)


def cpu(process):
    fields = open(f"/proc/{process.pid}/stat").read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICK


def memory(process):
    return next(int(line.split()[1]) for line in open(f"/proc/{process.pid}/status") if line.startswith("VmRSS"))


def metric(folder, name):
    try:
        with sqlite3.connect(f"file:{folder}/run/ledger.sqlite?mode=ro", uri=True) as database:
            row = database.execute("SELECT value FROM metrics WHERE name = ? ORDER BY at DESC LIMIT 1", (name,)).fetchone()
            return row[0] if row else 0
    except sqlite3.Error:
        return 0


def wait(condition, seconds, what):
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise SystemExit(f"no {what} within {seconds} s")
        time.sleep(0.02)


def overflows():
    rows = [line.split() for line in open("/proc/net/netstat") if line.startswith("TcpExt")]
    return int(rows[1][rows[0].index("ListenOverflows")])


def run(heliograph, folder, fleet, *more):
    shutil.rmtree(f"{folder}/run", ignore_errors=True)
    program = [heliograph, "run", fleet, "--out", f"{folder}/run", "--quiet", "--no-reconcile", *more]
    process = subprocess.Popen(program, stdout=subprocess.DEVNULL, stderr=open(f"{folder}/errors", "w"))
    wait(lambda: os.path.exists(f"{folder}/run/ledger.sqlite") or process.poll() is not None, 60, "ledger")
    if process.poll() is not None:
        raise SystemExit(open(f"{folder}/errors").read())
    return process


def stop(process):
    process.send_signal(signal.SIGINT)
    process.wait()


def write_fleet(folder, source, changes, transport):
    text = (HERE / source).read_text()
    text = re.sub(r"\ntransport:.*", "", text)
    for old, new in changes:
        text = text.replace(old, new)
    path = f"{folder}/fleet.yaml"
    pathlib.Path(path).write_text(f"{text}\ntransport: {{mqtt: {{{transport}}}}}\n")
    return path


def publish(heliograph, folder, seconds=20):
    fleet = write_fleet(folder, "publish.yaml", [], "url: mqtts://localhost")
    subprocess.run([heliograph, "certs", fleet, "--out", f"{folder}/tls"], check=True, stdout=subprocess.DEVNULL)
    for interval in ("500ms", "250ms", "100ms"):
        broker = Broker(folder, "allow_anonymous true")
        fleet = write_fleet(
            folder, "publish.yaml", [("interval: 500ms", f"interval: {interval}"), ("duration: 30s", "duration: 10m")],
            f"url: 'mqtts://localhost:{broker.port}', authority: {folder}/tls/ca.crt, topic: 't/{{device_id}}/{{sensor}}'")
        process = run(heliograph, folder, fleet)
        wait(lambda: metric(folder, "connected") == 1000, 60, "full fleet")
        time.sleep(2)
        begin, used, brokers, before = time.monotonic(), cpu(process), cpu(broker.process), metric(folder, "acknowledged")
        time.sleep(seconds)
        # The metric is of the last full second: what it lacks at both ends is the same.
        count, elapsed = metric(folder, "acknowledged") - before, time.monotonic() - begin
        used, brokers = cpu(process) - used, cpu(broker.process) - brokers
        with sqlite3.connect(f"file:{folder}/run/ledger.sqlite?mode=ro", uri=True) as database:
            published = metric(folder, "published")
        stop(process)
        with sqlite3.connect(f"file:{folder}/run/ledger.sqlite?mode=ro", uri=True) as database:
            facts = dict(database.execute("SELECT key, value FROM run"))
        size = int(facts["published_bytes"]) / max(1, int(facts["published"]))
        offered = 10_000 * 1000 / int(interval[:-2])
        print(
            f"heliograph, {offered:6.0f}/s offered  {count / elapsed:8.0f} acknowledged/s of {size:.0f} bytes, "
            f"{used / count * 1e6:5.1f} us each here (loop {used / elapsed * 100:3.0f} % busy), "
            f"broker {brokers / count * 1e6:5.1f} us (busy {brokers / elapsed * 100:3.0f} %)")
        broker.kill()
    broker = Broker(folder, "allow_anonymous true")
    for clients in (1000,):
        output = subprocess.run(
            [os.environ.get("PAHO_PYTHON", sys.executable), HERE / "paho_fleet.py", str(broker.port), f"{folder}/tls/ca.crt", str(clients), "10"],
            check=True, capture_output=True, text=True).stdout.split()
        print(f"paho-mqtt, one epoll loop      {float(output[0]):8.0f} acknowledged/s of 200 bytes, {output[1]} us each, {output[2]} MiB")
    broker.kill()


def connections(heliograph, folder, count=15000):
    fleet = write_fleet(folder, "connections.yaml", [("count: 15000", f"count: {count}")], "url: mqtts://localhost")
    subprocess.run([heliograph, "certs", fleet, "--out", f"{folder}/tls"], check=True, stdout=subprocess.DEVNULL)
    broker = Broker(folder, "require_certificate true\nuse_identity_as_username true")
    subprocess.run(["cc", "-O2", "-o", f"{folder}/handshakes", HERE / "handshakes.c", "-lssl", "-lcrypto"], check=True)
    base = f"url: 'mqtts://localhost:{broker.port}', authority: {folder}/tls/ca.crt, device_certificates: {folder}/tls/devices"

    def baseline(kind):
        device = f"{folder}/tls/devices/p00001"
        program = [f"{folder}/handshakes", "127.0.0.1", str(broker.port), f"{folder}/tls/ca.crt", f"{device}.crt", f"{device}.key", "3000", kind]
        return float(subprocess.run(program, check=True, capture_output=True, text=True).stdout.split()[0])

    for resumes in (False, True):
        outage = "\nsite_outages: {network: {every: 40s, length: 10s, spread: 0}}" if resumes else ""
        fleet = write_fleet(
            folder, "connections.yaml", [("count: 15000", f"count: {count}"), ("drain: 5s", "drain: 5s" + outage)],
            base + f", tls_session_resumption: {str(resumes).lower()}")
        process = run(heliograph, folder, fleet)
        start, used, before = time.monotonic(), cpu(process), memory(process)
        full = baseline("full") if not resumes else None
        wait(lambda: metric(folder, "connected") == count, 180, "full fleet")
        seconds = cpu(process) - used
        descriptors = len(os.listdir(f"/proc/{process.pid}/fd"))
        print(
            f"{count} mTLS devices{', sessions kept' if resumes else ''}: all after {time.monotonic() - start:.0f} s, "
            f"{memory(process) / count:.1f} KiB each in all, {descriptors} descriptors")
        if not resumes:
            full = (full + baseline("full")) / 2
            print(f"full handshakes      {count / seconds:6.0f} per CPU second here, {full:.0f} in a C program: {count / seconds / full:.2f}")
        else:
            wait(lambda: metric(folder, "connected") < count // 100, 120, "outage")
            used = cpu(process)
            wait(lambda: metric(folder, "connected") == count, 120, "return")
            seconds, alone = cpu(process) - used, baseline("resumed")
            print(f"resumed handshakes   {count / seconds:6.0f} per CPU second here, {alone:.0f} in a C program: {count / seconds / alone:.2f}")
        stop(process)
    broker.kill()


def restart(heliograph, folder, count=5000):
    fleet = write_fleet(folder, "connections.yaml", [("count: 15000", f"count: {count}")], "url: mqtts://localhost")
    subprocess.run([heliograph, "certs", fleet, "--out", f"{folder}/tls"], check=True, stdout=subprocess.DEVNULL)
    broker = Broker(folder, "allow_anonymous true")
    fleet = write_fleet(
        folder, "connections.yaml", [("count: 15000", f"count: {count}")], f"url: 'mqtts://localhost:{broker.port}', authority: {folder}/tls/ca.crt")
    process = run(heliograph, folder, fleet)
    wait(lambda: broker.connections() >= count, 60, "full fleet")
    for _ in range(3):
        time.sleep(2)
        broker.kill()
        time.sleep(3)
        os.truncate(broker.log, 0)
        before, used = overflows(), cpu(process)
        broker.start()
        begin = time.monotonic()
        wait(lambda: broker.connections() >= count, 60, "return")
        print(
            f"{count} TLS devices: all back {time.monotonic() - begin:.1f} s after the broker, {cpu(process) - used:.1f} s of CPU here, "
            f"{overflows() - before} overflows of a listen backlog on this machine")
    stop(process)
    broker.kill()


if __name__ == "__main__":
    folder = tempfile.mkdtemp(prefix="heliograph-mqtt-")
    try:
        {"publish": publish, "connections": connections, "restart": restart}[sys.argv[2]](sys.argv[1], folder, *map(int, sys.argv[3:]))
    finally:
        shutil.rmtree(folder, ignore_errors=True)
