@testable import FleetSpec
@testable import World

// What World offers for a series of instants, for tests that look at single ones.

extension NoiseField {
  func value(at time: Milliseconds) -> Double {
    var cache = NoiseCache()
    return value(at: time, &cache)
  }
}

extension Clouds {
  func clearSkyIndex(at time: Milliseconds, position: Position = Position()) -> Double {
    var cache = Cache()
    return clearSkyIndex(at: time, position: position, &cache)
  }
}

extension SunPosition {
  /// A sun that a test puts where it likes.
  init(east: Double, north: Double, up: Double) {
    self.init(at: 0, observer: Observer(latitude: 0, longitude: 0))
    self.east = east
    self.north = north
    self.up = up
    extraterrestrial = 1361
  }
}

extension WindSpeed {
  func value(at time: Milliseconds) -> Double {
    var cache = NoiseCache()
    return value(at: time, &cache)
  }
}

extension AirPressure {
  func value(at time: Milliseconds) -> Double {
    var cache = NoiseCache()
    return value(at: time, &cache)
  }
}

extension GridFrequency {
  func value(at time: Milliseconds) -> Double {
    var cache = NoiseCache()
    return value(at: time, &cache)
  }
}

extension Humidity {
  func value(at time: Milliseconds, temperature: Double, level: Double, wetness: Double = 0) -> Double {
    var cache = NoiseCache()
    return value(at: time, temperature: temperature, level: level, wetness: wetness, &cache)
  }
}

extension AmbientTemperature {
  func parts(at time: Milliseconds, cover: Double = 0.4) -> (level: Double, daily: Double) {
    var cache = NoiseCache()
    return parts(at: time, cover: cover, &cache)
  }
}
