import FleetSpec
import Glibc

/// Modules and inverter behind a device, with what does not change worked out.
struct Plant: Sendable {
  /// The most MPPT inputs that are told apart.
  static let inputLimit = 8

  /// One MPPT input.
  struct Input: Sendable {
    let share: Double
    let orientation: Orientation
    let glass: IncidenceLoss
  }

  let specification: PhotovoltaicPlant
  let inputs: [Input]
  let tracker: TrackerGeometry?
  let shading: Shading
  let array: SolarArray
  let inverter: Inverter
  let ageing: Degradation
  let acCapacity: Double
  /// Three phases from 5 kW on (engineering judgement: VDE-AR-N 4105 allows 4.6 kVA on one).
  let phases: Double
  /// Volts at the inverter's terminals over those of the grid: central inverters feed a transformer with about 640 V between the phases.
  let voltageRatio: Double

  init(_ plant: PhotovoltaicPlant) {
    specification = plant
    let given = plant.inputs.prefix(Plant.inputLimit).map {
      Input(share: $0.share, orientation: Orientation(tilt: $0.tilt, azimuth: $0.azimuth), glass: IncidenceLoss(tilt: $0.tilt))
    }
    let only = Input(share: 1, orientation: Orientation(tilt: plant.tilt, azimuth: plant.azimuth), glass: IncidenceLoss(tilt: plant.tilt))
    inputs = given.isEmpty ? [only] : given
    tracker = plant.tracker.map { TrackerGeometry($0) }
    shading = Shading(plant.obstacles)
    array = SolarArray(plant: plant)
    inverter = Inverter(plant: plant)
    ageing = Degradation(plant)
    acCapacity = plant.acCapacity
    phases = plant.acCapacity >= 5000 ? 3 : 1
    voltageRatio = plant.acCapacity >= 500_000 ? 1.6 : 1
  }

  func cellTemperature(planeIrradiance: Double, ambient: Double, wind: Double) -> Double {
    switch specification.temperatureModel {
    case .faiman: CellTemperature.faiman(planeIrradiance: planeIrradiance, ambient: ambient, wind: wind)
    case .sapm: CellTemperature.sapm(planeIrradiance: planeIrradiance, ambient: ambient, wind: wind)
    }
  }
}
