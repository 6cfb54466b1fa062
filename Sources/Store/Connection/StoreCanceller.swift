import CPQ

/// Stops the statement that runs on a connection, from any thread.
///
/// It stays valid after the connection is closed; then it does nothing.
// PGcancel is immutable after PQgetCancel, and libpq documents PQcancel as safe from any thread.
public final class StoreCanceller: @unchecked Sendable {
  private let handle: OpaquePointer

  init?(connection: OpaquePointer) {
    guard let handle = PQgetCancel(connection) else { return nil }
    self.handle = handle
  }

  deinit { PQfreeCancel(handle) }

  /// Asks the server to stop the statement. Returns false when the request could not be delivered.
  @discardableResult
  public func cancel() -> Bool {
    withUnsafeTemporaryAllocation(of: CChar.self, capacity: 256) { PQcancel(handle, $0.baseAddress, 256) == 1 }
  }
}
