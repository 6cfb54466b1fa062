/// Finds the word that was probably meant.
enum Suggestion {
  /// `did you mean 'interval'?`, or nil when nothing is near enough.
  static func didYouMean(_ word: String, among candidates: [String]) -> String? {
    nearest(word, among: candidates).map { "did you mean '\($0)'?" }
  }

  /// The candidate with the fewest edits, when they are few compared with the word's length, or the only one that begins with the word.
  static func nearest(_ word: String, among candidates: [String]) -> String? {
    let plain = normalised(word)
    var best: (candidate: String, distance: Int)?
    for candidate in candidates {
      let distance = editDistance(plain, normalised(candidate))
      let allowed = max(1, min(plain.count, candidate.count) / 3)
      if distance <= allowed, distance < best?.distance ?? .max { best = (candidate, distance) }
    }
    if let best { return best.candidate }
    let longer = candidates.filter { word.count >= 3 && normalised($0).starts(with: plain) }
    return longer.count == 1 ? longer[0] : nil
  }

  private static func normalised(_ word: String) -> [Character] {
    word.lowercased().map { $0 == "-" || $0 == " " ? "_" : $0 }
  }

  /// Insertions, deletions, replacements and swaps of neighbours (optimal string alignment).
  static func editDistance(_ left: [Character], _ right: [Character]) -> Int {
    if left.isEmpty || right.isEmpty { return max(left.count, right.count) }
    var beforeLast = [Int](repeating: 0, count: right.count + 1)
    var last = Array(0...right.count)
    for i in 1...left.count {
      var current = [i] + [Int](repeating: 0, count: right.count)
      for j in 1...right.count {
        let cost = left[i - 1] == right[j - 1] ? 0 : 1
        current[j] = min(last[j] + 1, current[j - 1] + 1, last[j - 1] + cost)
        if i > 1, j > 1, left[i - 1] == right[j - 2], left[i - 2] == right[j - 1] {
          current[j] = min(current[j], beforeLast[j - 2] + 1)
        }
      }
      beforeLast = last
      last = current
    }
    return last[right.count]
  }
}
