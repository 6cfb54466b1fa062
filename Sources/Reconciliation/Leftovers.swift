import World

/// A reading without a row at its key.
struct MissingItem {
  var reading: Reading
  var fate: Fate
  var device: Int
}

/// What is left over when readings and rows have been put side by side: strays and missing readings, in the same numbers or not.
struct Leftovers {
  var strays: [Stray] = []
  var missing: [Missing] = []
  /// What the entries of `missing` stand for.
  var items: [MissingItem] = []

  var count: Int { strays.count + missing.count }

  mutating func removeAll() {
    strays.removeAll(keepingCapacity: true)
    missing.removeAll(keepingCapacity: true)
    items.removeAll(keepingCapacity: true)
  }

  mutating func miss(_ item: MissingItem, of other: Missing) {
    var copy = other
    copy.entry = items.count
    missing.append(copy)
    items.append(item)
  }

  /// Adds what another one holds.
  mutating func append(_ other: Leftovers) {
    strays += other.strays
    for one in other.missing { miss(other.items[one.entry], of: one) }
  }

  /// Takes those whose sensor has both strays and missing readings that may have arrived; the rest cannot be matched.
  mutating func takeMatchable() -> Leftovers {
    guard !strays.isEmpty && !missing.isEmpty else { return Leftovers() }
    let withStray = Set(strays.map(\.sensor))
    let withMissing = Set(missing.lazy.filter { [items] in items[$0.entry].fate.mayHaveArrived }.map(\.sensor))
    var taken = Leftovers()
    var rest = Leftovers()
    for stray in strays {
      if withMissing.contains(stray.sensor) { taken.strays.append(stray) } else { rest.strays.append(stray) }
    }
    for one in missing {
      let item = items[one.entry]
      if item.fate.mayHaveArrived && withStray.contains(one.sensor) { taken.miss(item, of: one) } else { rest.miss(item, of: one) }
    }
    self = rest
    return taken
  }
}
