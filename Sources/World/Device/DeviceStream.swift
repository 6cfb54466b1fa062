import FleetSpec

/// All readings of one device from the start of the run on, in order.
///
/// Samples are due at start + phase + k * interval. One that falls into a loss of power is not taken, and the next is the first that is due
/// at least a second after the power's return, under the next boot number. Nothing is allocated per sample.
public struct DeviceStream: Sendable {
  /// True time of the next sample, ms since 1970.
  public private(set) var nextSampleTime: Milliseconds
  /// The boot number that the next sample will carry.
  public private(set) var nextBoot: Int32 = 1
  private let model: DeviceModel
  private var power: OutageSchedule
  private var energy: EnergyCounter?
  private var cabinet: CabinetTemperature?
  private var noise = DeviceNoise()
  private var conditions = Conditions()
  private var samples: Int64 = 0
  private var boot: Int32 = 0
  private var trueTime: Milliseconds
  private var timestamp: Milliseconds = 0

  /// From the return of power to the first sample.
  static let bootTime: Milliseconds = 1000

  init(model: DeviceModel, power: OutageSchedule) {
    self.model = model
    self.power = power
    energy = model.energy
    cabinet = model.cabinet
    trueTime = model.start
    nextSampleTime = model.start + model.phase
    skipPowerOutages()
  }

  /// How many readings a sample makes: the device's sensors.
  public var readingCount: Int { model.sensors.count }

  /// Takes the sample that is due at `nextSampleTime` and moves on.
  public mutating func sample() {
    let time = nextSampleTime
    let elapsed = time - trueTime
    let isContinuous = boot == nextBoot
    conditions = model.conditions(at: time, &noise)
    if energy != nil {
      energy?.advance(power: conditions.acPower, elapsed: isContinuous ? elapsed : nil)
      conditions.energyTotal = energy?.wattHours ?? 0
    }
    if cabinet != nil {
      cabinet?.advance(ambient: conditions.ambientTemperature, power: conditions.acPower, elapsed: elapsed)
      conditions.cabinetTemperature = cabinet?.degrees ?? 0
    }
    trueTime = time
    timestamp = model.clock.timestamp(at: time)
    boot = nextBoot
    samples += 1
    nextSampleTime = time + model.interval
    if power.current.start <= nextSampleTime { skipPowerOutages() }
  }

  /// A reading of the sample taken last.
  /// - Parameter sensor: 0..<readingCount.
  public func reading(_ sensor: Int) -> Reading {
    precondition(samples > 0, "sample() has to be called before reading(_:)")
    let sensorModel = model.sensors[sensor]
    let ordinal = samples - 1
    let seq = ordinal * Int64(model.sensors.count) + Int64(sensor)
    let shown = sensorModel.measure(
      conditions.value(of: sensorModel.quantity), ordinal: UInt64(bitPattern: ordinal), elapsed: trueTime - model.start)
    return Reading(
      boot: boot, sensor: Int32(truncatingIfNeeded: sensor), seq: seq, timestamp: timestamp, trueTime: trueTime, value: shown.value,
      quality: shown.quality, malformation: model.malformations.malformation(seq: seq))
  }

  /// Moves the next sample behind every loss of power that begins before it; each of them makes the device boot anew.
  private mutating func skipPowerOutages() {
    while power.current.start <= nextSampleTime {
      let earliest = power.current.end + DeviceStream.bootTime
      if earliest > nextSampleTime {
        let slots = (earliest - nextSampleTime + model.interval - 1) / model.interval
        nextSampleTime += slots * model.interval
      }
      nextBoot += 1
      power.advance()
    }
  }
}
