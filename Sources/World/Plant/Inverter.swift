import FleetSpec

/// From DC to AC: part-load efficiency, clipping, and a threshold below which the inverter stays off.
///
/// Source: A. P. Dobos (2014), "PVWatts version 5 manual", NREL/TP-6A20-62641, section 10. The threshold (1 % of the rated DC power) is
/// engineering judgement; data sheets state 0.5 to 2 %.
struct Inverter: Sendable {
  private let ratedDC: Double
  private let ratedAC: Double
  private let efficiency: Double

  private static let referenceEfficiency = 0.9637
  private static let startUpShare = 0.01

  init(plant: PhotovoltaicPlant) {
    efficiency = plant.efficiency
    ratedAC = plant.acCapacity
    ratedDC = plant.acCapacity / plant.efficiency
  }

  /// Watts drawn from the modules and watts fed into the grid, when `available` watts of DC could be drawn.
  func convert(available: Double) -> (dc: Double, ac: Double) {
    guard available >= Inverter.startUpShare * ratedDC else { return (0, 0) }
    let dc = min(available, ratedDC)
    let load = dc / ratedDC
    let curve = -0.0162 * load - 0.0059 / load + 0.9858
    let ac = efficiency / Inverter.referenceEfficiency * curve * dc
    return (dc, min(max(ac, 0), min(dc, ratedAC)))
  }
}
