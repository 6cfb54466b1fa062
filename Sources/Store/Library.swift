import CPQ

/// The version of libpq.
public enum StoreLibrary {
  public static var version: String {
    let number = PQlibVersion()
    return "\(number / 10_000).\(number % 10_000)"
  }
}
