import CMosquitto
import COpenSSL

/// The versions of the libraries that carry the traffic.
public enum TransportLibraries {
  public static var mosquitto: String {
    var major: Int32 = 0
    var minor: Int32 = 0
    var revision: Int32 = 0
    mosquitto_lib_version(&major, &minor, &revision)
    return "\(major).\(minor).\(revision)"
  }
  public static var openSSL: String { String(cString: OpenSSL_version(OPENSSL_VERSION)) }
}
