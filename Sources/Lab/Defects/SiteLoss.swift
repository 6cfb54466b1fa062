/// Loses a share of the readings of one site.
struct SiteLoss: ArrivalDefect {
  static let description = DefectDescription(
    name: "site-loss", summary: "loses a share of the readings of one site",
    parameters: [
      .init(name: "site", standard: "site-01", kind: .text), .init(name: "rate", standard: "50%", kind: .share),
    ])
  private let selection: Selection
  private let site: [UInt8]

  init(_ parameters: DefectParameters) {
    selection = Selection(parameters)
    site = Array(parameters.choice("site").utf8)
  }

  func treat(_ arrival: Arrival) -> Harm? {
    arrival.siteID.elementsEqual(site) && selection.contains(arrival.key) ? Harm(verdict: .lost, rows: 0) : nil
  }
}
