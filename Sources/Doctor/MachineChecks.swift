import CLinux
import Ledger
import Simulation
import Store
import Transport

/// What does not depend on a fleet.
public enum MachineChecks {
  public static func all() -> [Check] { libraries() + [descriptors(), ports(), clock()] }

  private static func libraries() -> [Check] {
    [
      Check("libmosquitto", .good, TransportLibraries.mosquitto), Check("OpenSSL", .good, TransportLibraries.openSSL),
      Check("libpq", .good, StoreLibrary.version), Check("SQLite", .good, LedgerLibrary.version),
    ]
  }

  private static func descriptors() -> Check {
    let allowed = MachineLimits.current().descriptors
    let text = "\(allowed) allowed, one for each device"
    guard allowed < 4_096 else { return Check("file descriptors", .good, text) }
    return Check("file descriptors", .warning, text, fix: "raise the limit: 'ulimit -n 65536', or nofile in /etc/security/limits.conf")
  }

  private static func ports() -> Check {
    let ports = MachineLimits.current().ports
    let text = "\(ports) local ports, one for each device"
    guard ports < 10_000 else { return Check("local ports", .good, text) }
    return Check("local ports", .warning, text, fix: "sysctl -w net.ipv4.ip_local_port_range='10240 65535'")
  }

  private static func clock() -> Check {
    let result = linux_clock_is_synchronised()
    guard result >= 0 else { return Check("clock", .warning, "the kernel does not tell whether it is synchronised") }
    guard result == 0 else { return Check("clock", .good, "synchronised") }
    return Check(
      "clock", .warning, "not known to be synchronised; lateness is judged by it",
      fix: "start chrony or systemd-timesyncd, unless the host keeps this machine's clock")
  }
}
