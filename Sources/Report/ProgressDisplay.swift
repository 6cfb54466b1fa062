import Foundation

/// A bar that is redrawn in place on a terminal; in a pipe, one plain line each tenth of the way, and not more than one every other second.
public final class ProgressDisplay {
  private let terminal: Terminal
  private let isQuiet: Bool
  private var lastTenth = -1
  private var lastLabel = ""
  private var lastLine = Date.distantPast
  private var isDrawn = false

  public init(terminal: Terminal, isQuiet: Bool) {
    self.terminal = terminal
    self.isQuiet = isQuiet
  }

  /// - Parameters:
  ///   - label: what is going on, one word.
  ///   - share: 0...1.
  ///   - detail: figures.
  public func show(_ label: String, share: Double, detail: String) {
    guard !isQuiet else { return }
    let clamped = min(max(share, 0), 1)
    guard terminal.isColoured else {
      let tenth = Int(clamped * 10)
      let isNews = label != lastLabel || (tenth != lastTenth && Date().timeIntervalSince(lastLine) >= 2)
      if isNews {
        lastTenth = tenth
        lastLabel = label
        lastLine = Date()
        write("\(Terminal.left(label, 12)) \(Terminal.right("\(Int(clamped * 100)) %", 5))  \(detail)\n")
      }
      return
    }
    let width = 24
    let filled = Int(clamped * Double(width))
    let bar = String(repeating: "█", count: filled) + String(repeating: "░", count: width - filled)
    write("\r\u{1B}[2K\(Terminal.left(label, 12)) \(terminal.paint(bar, .cyan)) \(Terminal.right("\(Int(clamped * 100)) %", 5))  \(detail)")
    isDrawn = true
  }

  /// Prints a line of its own, which stays.
  public func note(_ text: String) {
    guard !isQuiet else { return }
    if isDrawn { write("\r\u{1B}[2K") }
    isDrawn = false
    write("\(text)\n")
  }

  /// Ends the line, so that other text can follow.
  public func end() {
    lastTenth = -1
    guard isDrawn else { return }
    isDrawn = false
    write("\n")
  }

  private func write(_ text: String) { FileHandle.standardError.write(Data(text.utf8)) }
}
