/// How long something will still take, if it goes on as it did.
public enum RemainingTime {
  /// Nil while too little is done to tell: under two seconds, or under a hundredth.
  /// - Parameters:
  ///   - elapsed: seconds.
  ///   - share: what is done of all, 0...1.
  public static func text(elapsed: Double, share: Double) -> String? {
    guard elapsed >= 2, share >= 0.01, share < 1 else { return nil }
    let seconds = Int((elapsed / share * (1 - share)).rounded(.up))
    if seconds < 60 { return "\(seconds) s" }
    if seconds < 3_600 { return "\(seconds / 60) min \(seconds % 60) s" }
    return "\(seconds / 3_600) h \(seconds / 60 % 60) min"
  }
}
