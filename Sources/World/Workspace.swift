import FleetSpec

/// Scratch memory for one thread: caches of the sites, and the readings of the sample that was taken last.
///
/// Any number of devices share one, so that a device itself stays small. Nothing in it changes a result.
public final class Workspace {
  private var sites: [SiteCache?]
  private let places: [SiteEnvironment]
  /// The device whose sample the readings are, or -1.
  var owner: Int32 = -1
  var readings: [Reading] = []
  /// The true value of each reading, in the sensor's unit.
  var truths: [Double] = []

  init(places: [SiteEnvironment], sensorCount: Int) {
    self.places = places
    sites = [SiteCache?](repeating: nil, count: places.count)
    readings.reserveCapacity(sensorCount)
    truths.reserveCapacity(sensorCount)
  }

  func cache(site: Int) -> SiteCache {
    if let known = sites[site] { return known }
    let cache = SiteCache(places[site])
    sites[site] = cache
    return cache
  }

  /// Makes room for the readings of a sample.
  func begin(device: Int32) {
    owner = device
    readings.removeAll(keepingCapacity: true)
    truths.removeAll(keepingCapacity: true)
  }
}
