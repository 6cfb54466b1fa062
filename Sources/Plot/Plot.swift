import Drawing
import FleetSpec
import World

/// Pictures of a world, as SVG. The same world gives the same bytes.
public enum Plot {
  /// What a single device, or several together, measure and what goes wrong with them.
  /// - Parameter name: of several devices, for the title: `site-03`.
  public static func trace(_ selection: Selection, name: String, to svg: MarkupWriter) {
    if selection.devices.count == 1 {
      DevicePicture(selection).picture().draw(svg)
    } else {
      GroupPicture(selection, name: name).picture().draw(svg)
    }
  }

  /// What the seed has planned for the devices of a selection.
  public static func plan(_ selection: Selection, to svg: MarkupWriter) {
    PlanPicture(selection: selection).picture().draw(svg)
  }
}
