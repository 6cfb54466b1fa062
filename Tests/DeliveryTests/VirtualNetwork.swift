import Transport
import World

/// The virtual network with a notebook, as all tests here use it.
typealias VirtualNetwork = Transport.VirtualNetwork<Notebook>

extension Transport.VirtualNetwork where Recorder == Notebook {
  convenience init(world: World, weather: VirtualWeather = VirtualWeather()) {
    self.init(world: world, weather: weather, recorder: Notebook())
  }

  var notebook: Notebook { recorder }
}
