import FleetSpec
import World

/// What the seed has planned for a fleet: sun and clouds of its sites, readings per second, and who is out when and why.
struct PlanPicture {
  let selection: Selection

  func picture() -> Picture {
    let world = selection.world
    let sky = SkySeries(
      world, sites: selection.sites, from: selection.from, to: selection.to, columns: Layout.columns, in: world.workspace())
    let survey = OutageSurvey(selection)
    let time = selection.time
    let count = selection.sites.count
    let shown = sky.sites.count < count ? "\(sky.sites.count) of \(count) sites" : count == 1 ? "the site" : "\(count) sites"
    var panels: [any Panel] = [sky.panel(title: "Sky over \(shown), true")]
    if let row = sky.coverRow(time) { panels.append(StripPanel(title: "Clouds over the site", rows: [row])) }
    panels.append(survey.ratePanel())
    panels += survey.panels()
    let profiles = world.fleet.profiles.enumerated().map { index, profile in
      let devices = world.devices.count { $0.profile == index }
      return "\(Numbers.count(devices)) \(profile.name)"
    }
    return Picture(
      title: "\(selection.heading): plan",
      notes: ["\(profiles.joined(separator: ", ")) at \(count == 1 ? "1 site" : "\(count) sites")", selection.period],
      panels: panels, nights: sky.nights, noons: sky.noons, time: time, axis: selection.zone.name)
  }
}
