/// What the random numbers of an entity are for. A number is never reused for something else: that would change every fleet's data.
///
/// World owns 0..<65536; other modules take theirs from 65536 on.
enum StreamNumber {
  // Of the run as a whole.
  static let gridFrequency: UInt64 = 1

  // Of a site.
  static let cloudEdges: UInt64 = 17
  static let ambientTemperature: UInt64 = 18
  static let windSpeed: UInt64 = 19
  static let humidity: UInt64 = 20
  static let pressure: UInt64 = 21
  static let gridVoltage: UInt64 = 22
  static let sitePowerGap: UInt64 = 23
  static let sitePowerLength: UInt64 = 24
  static let siteNetworkGap: UInt64 = 25
  static let siteNetworkLength: UInt64 = 26
  static let regimeOfMorning: UInt64 = 32
  static let regimeMoves: UInt64 = 33
  static let cloudDrift: UInt64 = 34
  static let rain: UInt64 = 35
  static let windDirection: UInt64 = 36
  static let windTurns: UInt64 = 37
  static let rainyDays: UInt64 = 38
  static let curtailmentGap: UInt64 = 48
  static let curtailmentLength: UInt64 = 49
  static let disturbanceGap: UInt64 = 50
  static let disturbanceLength: UInt64 = 51
  static let disturbanceDepth: UInt64 = 52
  static let phaseVoltage: UInt64 = 53
  /// A row of the cloud field across the wind.
  static func cloudRow(_ row: Int) -> UInt64 { 32_768 &+ UInt64(bitPattern: Int64(row)) &+ 8_192 }

  // Of a device.
  static let samplePhase: UInt64 = 64
  static let clockSynchronisation: UInt64 = 65
  static let clockConstants: UInt64 = 66
  static let devicePowerGap: UInt64 = 67
  static let devicePowerLength: UInt64 = 68
  static let deviceNetworkGap: UInt64 = 69
  static let deviceNetworkLength: UInt64 = 70
  static let energyStart: UInt64 = 71
  static let position: UInt64 = 80
  static let degradation: UInt64 = 96
  static let mismatch: UInt64 = 97
  static let appliances: UInt64 = 98
  static let machineLoad: UInt64 = 99
  static let machineWear: UInt64 = 100
  static let brownOutGap: UInt64 = 160
  static let brownOutLength: UInt64 = 161
  static let watchdogGap: UInt64 = 162
  static let watchdogLength: UInt64 = 163
  static let rebootLoopGap: UInt64 = 164
  static let rebootLoopLength: UInt64 = 165
  static let flappingGap: UInt64 = 166
  static let flappingLength: UInt64 = 167
  static let carrierGap: UInt64 = 168
  static let carrierLength: UInt64 = 169
  static let rollout: UInt64 = 170
  static let clockSteps: UInt64 = 171
  static let clockFarFuture: UInt64 = 172
  static let clockUnset: UInt64 = 173
  static let clockLocalTime: UInt64 = 174
  static let stallGap: UInt64 = 101
  static let stallLength: UInt64 = 102
  static let fuseGap: UInt64 = 103
  static let fuseLength: UInt64 = 104
  static let fuseString: UInt64 = 105
  static let phaseShare: UInt64 = 106
  static let longRangeLevel: UInt64 = 107
  static let longRangeFading: UInt64 = 108
  static let primaryCell: UInt64 = 109
  static let primaryCellLoad: UInt64 = 110
  static let battery: UInt64 = 73
  static let signalStrength: UInt64 = 74
  static let signalBase: UInt64 = 75
  static let malformed: UInt64 = 76
  static let malformedKind: UInt64 = 77
  static let malformedValue: UInt64 = 128

  /// What goes wrong with a sensor, by its index in the profile: 16 numbers each.
  struct SensorStreams: Sendable {
    private let first: UInt64

    init(sensor: Int) { first = 8192 + 16 * UInt64(sensor) }

    var flicker: UInt64 { first }
    var walk: UInt64 { first + 1 }
    var spikes: UInt64 { first + 2 }
    var spikeSize: UInt64 { first + 3 }
    var dropout: UInt64 { first + 4 }
    var stuckGap: UInt64 { first + 5 }
    var stuckLength: UInt64 { first + 6 }
    var dropoutGap: UInt64 { first + 7 }
    var dropoutLength: UInt64 { first + 8 }
    var life: UInt64 { first + 9 }
    var recalibration: UInt64 { first + 10 }
    var dyingNoise: UInt64 { first + 11 }
  }

  // Of identity: numbers of Firmware's, since they decide who is there and who is heard, not what is measured.
  static let clone: UInt64 = 65_600
  static let secondLink: UInt64 = 65_601
  static let cloneBoot: UInt64 = 65_602
  static let attendance: UInt64 = 65_603
  static let reconnectStorm: UInt64 = 65_604

  /// The white noise of a sensor, by its index in the profile.
  static func sensorNoise(_ sensor: Int) -> UInt64 { 4096 + 2 * UInt64(sensor) }
  /// The constant errors of a sensor, by its index in the profile.
  static func sensorConstants(_ sensor: Int) -> UInt64 { 4097 + 2 * UInt64(sensor) }
}

/// Numbers that identify entities to `RandomStream`.
enum Entity {
  /// The run as a whole.
  static let run: UInt64 = 0

  /// FNV-1a (Fowler, Noll, Vo) of the identifier: an entity keeps its numbers when others are added to the fleet or taken away.
  static func number(of identifier: String) -> UInt64 {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in identifier.utf8 {
      hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3
    }
    return hash
  }
}
