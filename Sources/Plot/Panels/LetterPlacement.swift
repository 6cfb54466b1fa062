import Drawing

/// Letters on the lines of a panel, so that they can be told apart without colour: each where its line is farthest from the others.
struct LetterPlacement {
  struct Place {
    var text: String
    var series: Int
    var x: Double
    var y: Double
  }

  private(set) var places: [Place] = []
  let isNeeded: Bool

  private static let stride = 12
  private static let margin = 16

  static func letter(_ index: Int) -> String { String(UnicodeScalar(UInt8(65 + index % 26))) }

  init(_ series: [Series], _ scale: NumberScale, _ factor: Double, _ frame: Frame, _ time: TimeScale) {
    let named = series.indices.filter { series[$0].kind != .reference && !series[$0].envelope.isEmpty }
    isNeeded = named.count > 1
    guard isNeeded else { return }
    for index in named {
      let own = series[index].envelope
      var best: (distance: Double, x: Double, y: Double)?
      for column in Swift.stride(from: LetterPlacement.margin, to: own.columns - LetterPlacement.margin, by: LetterPlacement.stride) {
        guard own.count[column] > 0 else { continue }
        let y = scale.y(own.mean(column) * factor, in: frame)
        let x = time.left + (Double(column) + 0.5) * time.width / Double(own.columns)
        var distance = 40.0
        for other in named where other != index && series[other].envelope.count[column] > 0 {
          distance = min(distance, abs(scale.y(series[other].envelope.mean(column) * factor, in: frame) - y))
        }
        // Where lines are close, letters stand clear of both: above the upper one, below the lower one.
        let isUpper = !named.contains { $0 != index && series[$0].envelope.isAbove(own, column) }
        let letter = distance > 14 ? y + 4 : isUpper ? y - 5 : y + 13
        for place in places where abs(place.x - x) < 20 && abs(place.y - letter) < 14 { distance = -1 }
        if distance > best?.distance ?? -1 { best = (distance, x, letter) }
      }
      guard let best else { continue }
      let y = min(max(best.y, frame.top + 10), frame.bottom - 2)
      places.append(Place(text: LetterPlacement.letter(index), series: index % 6, x: best.x, y: y))
    }
  }
}
