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
  func clearSkyIndex(at time: Milliseconds) -> Double {
    var noise = Noise()
    return clearSkyIndex(at: time, &noise)
  }

  func regime(at time: Milliseconds) -> Regime {
    var noise = Noise()
    return regime(at: time, &noise)
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
  func value(at time: Milliseconds, temperature: Double, level: Double) -> Double {
    var cache = NoiseCache()
    return value(at: time, temperature: temperature, level: level, &cache)
  }
}

extension AmbientTemperature {
  func parts(at time: Milliseconds) -> (level: Double, daily: Double) {
    var cache = NoiseCache()
    return parts(at: time, &cache)
  }
}
