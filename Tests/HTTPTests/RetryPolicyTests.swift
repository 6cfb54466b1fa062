import Testing
import Transport

@Suite struct RetryPolicyTests {
  private let policy = RetryPolicy(attempts: 5, backoffBase: 500, backoffMaximum: 30_000, statuses: [503])

  @Test func theCeilingDoublesUpToItsMaximum() {
    #expect(
      (1...9).map { policy.wait(failures: $0, draw: 0.5, retryAfter: 0) } == [250, 500, 1_000, 2_000, 4_000, 8_000, 15_000, 15_000, 15_000])
    #expect(policy.wait(failures: 3, draw: 0, retryAfter: 0) == 0)
  }

  /// Never earlier than the server asked for, and not all devices at the same moment.
  @Test func whatTheServerAsksForIsTheLeast() {
    for failures in 1...30 {
      for draw in [0.0, 0.3, 0.999] {
        let wait = policy.wait(failures: failures, draw: draw, retryAfter: 4_000)
        #expect(wait >= 4_000 && wait <= 4_500)
      }
    }
  }
}
