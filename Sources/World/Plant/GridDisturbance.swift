/// What a disturbance of the grid looks like at a site: a dip of the voltage and an excursion of the frequency, long enough
/// for inverters to trip, as EN 50549-1 has them do below 85 % of the voltage.
///
/// Dips to 60-85 % and excursions of 0.5 to 1.5 Hz are engineering judgement within the ranges of EN 50160.
struct GridDisturbance: Sendable {
  /// Factor on the voltage.
  let voltage: Double
  /// Hz to be added.
  let frequency: Double

  init(random: RandomEntity) {
    let draws = random.stream(StreamNumber.disturbanceDepth)
    voltage = 0.6 + 0.25 * draws.uniform(0)
    frequency = (0.5 + draws.uniform(1)) * (draws.uniform(2) < 0.5 ? -1 : 1)
  }
}
