import FleetSpec
import Glibc

/// The laws of a profile's interruptions; nil for those that cannot happen.
struct ProfilePlans: Sendable {
  let power: OutagePlan?
  let network: OutagePlan?
  let brownOuts: OutagePlan?
  let watchdog: OutagePlan?
  let rebootLoops: OutagePlan?
  let flapping: OutagePlan?
  let deadLink: OutagePlan?
  let acknowledgementsLost: OutagePlan?
  let stalls: OutagePlan?
  let blownFuses: OutagePlan?
  /// The sine of the sun's elevation below which the device is off.
  let sineOfNight: Double?

  init(_ profile: FirmwareProfile, start: Milliseconds) {
    func plan(_ outages: Outages?, _ cause: Cause, _ gap: UInt64, _ length: UInt64) -> OutagePlan? {
      guard let outages, outages.isPossible else { return nil }
      return OutagePlan(outages, cause: cause, gap: gap, length: length, start: start)
    }
    power = plan(profile.powerOutages, .device, StreamNumber.devicePowerGap, StreamNumber.devicePowerLength)
    network = plan(profile.networkOutages, .device, StreamNumber.deviceNetworkGap, StreamNumber.deviceNetworkLength)
    brownOuts = plan(profile.brownOuts, .brownOut, StreamNumber.brownOutGap, StreamNumber.brownOutLength)
    watchdog = plan(profile.watchdogResets, .watchdog, StreamNumber.watchdogGap, StreamNumber.watchdogLength)
    rebootLoops = plan(profile.rebootLoops?.episodes, .rebootLoop, StreamNumber.rebootLoopGap, StreamNumber.rebootLoopLength)
    flapping = plan(profile.flapping?.episodes, .flapping, StreamNumber.flappingGap, StreamNumber.flappingLength)
    deadLink = plan(profile.linkFaults.dead, .device, LinkEpisode.deadGap, LinkEpisode.deadLength)
    acknowledgementsLost = plan(
      profile.linkFaults.acknowledgementsLost, .device, LinkEpisode.acknowledgementGap, LinkEpisode.acknowledgementLength)
    stalls = plan(profile.plant?.tracker?.stalls, .plant, StreamNumber.stallGap, StreamNumber.stallLength)
    blownFuses = plan(profile.plant?.blownFuses, .plant, StreamNumber.fuseGap, StreamNumber.fuseLength)
    sineOfNight = profile.nightShutdown.map { sin($0 * .pi / 180) }
  }
}
