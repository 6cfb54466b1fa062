import FleetSpec

extension Quantity {
  /// The faults of plant and grid that show in a sensor of it.
  var plantFaults: FaultSet {
    let sun: FaultSet = [FaultSet(.shaded), FaultSet(.trackerStalled)]
    let power: FaultSet = [sun, FaultSet(.curtailed), FaultSet(.tripped), FaultSet(.fuseBlown)]
    switch self {
    case .acPower, .dcPower, .dcVoltage, .dcCurrent, .stringCurrent, .reactivePower, .apparentPower, .operatingState, .energyTotal:
      return power
    case .gridPower, .gridCurrent, .storagePower, .stateOfCharge, .energyImported, .energyExported: return power
    case .acCurrent: return [power, FaultSet(.gridDisturbed)]
    case .planeIrradiance, .moduleTemperature: return sun
    case .trackerAngle: return FaultSet(.trackerStalled)
    case .acVoltage, .gridFrequency: return FaultSet(.gridDisturbed)
    default: return []
    }
  }
}

extension SensorDesign {
  /// The faults of plant and grid that can show in the sensor.
  /// - Parameter blownString: whose fuse is blown, from 1.
  func plantFaults(blownString: Int) -> FaultSet {
    var faults = quantity.plantFaults
    if quantity == .stringCurrent && max(input, 1) != blownString { faults.remove(FaultSet(.fuseBlown)) }
    return faults
  }
}

extension Conditions {
  /// What of plant and grid shows in a sensor at this instant.
  func faults(in sensor: SensorDesign) -> FaultSet {
    faults.isEmpty ? [] : faults.intersection(sensor.plantFaults(blownString: blownString))
  }
}
