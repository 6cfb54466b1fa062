import FleetSpec

/// Modules and inverter behind a device, with what does not change worked out.
struct Plant: Sendable {
  let plane: PlaneOfArray
  let array: SolarArray
  let inverter: Inverter
  let acCapacity: Double
  /// Three phases from 5 kW on (engineering judgement: VDE-AR-N 4105 allows 4.6 kVA on one).
  let phases: Double

  init(_ plant: PhotovoltaicPlant) {
    plane = PlaneOfArray(tilt: plant.tilt, azimuth: plant.azimuth)
    array = SolarArray(plant: plant)
    inverter = Inverter(plant: plant)
    acCapacity = plant.acCapacity
    phases = plant.acCapacity >= 5000 ? 3 : 1
  }
}
