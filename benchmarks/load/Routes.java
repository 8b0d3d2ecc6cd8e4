import dev.tiphys.network.router.backends.Backend;
import dev.tiphys.network.router.backends.BackendPolicy;
import dev.tiphys.network.router.proxy.HttpRouter;
import dev.tiphys.network.router.proxy.Observer;
import dev.tiphys.network.router.proxy.RouterSettings;
import dev.tiphys.network.router.table.Action;
import dev.tiphys.network.router.table.HostName;
import dev.tiphys.network.router.table.PathMatch;
import dev.tiphys.network.router.table.Route;
import dev.tiphys.network.router.table.RouteTable;
import dev.tiphys.network.router.table.Split;
import dev.tiphys.network.router.table.VirtualHost;
import dev.tiphys.world.RealWorld;
import dev.tiphys.world.World;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;

/// Measures the HTTP engine: `Routes.java compile COUNT` says how long it takes to compile that many routes;
/// `Routes.java serve PORT BACKEND_PORT` passes on what comes to a port, on one event loop.
public final class Routes {

  private Routes() {}

  public static void main(String[] arguments) throws Exception {
    if (arguments[0].equals("compile")) {
      compile(Integer.parseInt(arguments[1]));
    } else {
      serve(Integer.parseInt(arguments[1]), Integer.parseInt(arguments[2]));
    }
  }

  /// Prints the time for the first table, which finds the JVM cold, and the median of those after.
  private static void compile(int count) {
    World world = new RealWorld();
    List<Long> micros = new ArrayList<>();
    long first = 0;
    for (int round = 0; round < 21; round++) {
      long begin = System.nanoTime();
      RouteTable table = table(world, count);
      long took = (System.nanoTime() - begin) / 1000;
      if (table.revision().isEmpty()) {
        throw new IllegalStateException();
      }
      if (round == 0) {
        first = took;
      } else {
        micros.add(took);
      }
    }
    micros.sort(null);
    System.out.println(first / 1000 + " " + micros.get(10) / 1000.0);
  }

  /// Ten routes for each host.
  private static RouteTable table(World world, int count) {
    List<VirtualHost> hosts = new ArrayList<>();
    for (int i = 0; i < count / 10; i++) {
      List<Route> routes = new ArrayList<>();
      for (int j = 0; j < 10; j++) {
        String name = "route-" + i + "-" + j;
        Backend backend = new Backend(world, name, BackendPolicy.USUAL);
        backend.endpoints(List.of(InetSocketAddress.createUnresolved("10.0.0.1", 80)));
        routes.add(
            new Route(
                name, new PathMatch.Prefix("/app/" + j), new Action.Forward(Split.all(backend))));
      }
      hosts.add(new VirtualHost(List.of(HostName.of("host-" + i + ".example.com")), routes));
    }
    return RouteTable.of("1", hosts);
  }

  private static void serve(int port, int backendPort) throws Exception {
    World world = new RealWorld();
    InetAddress here = InetAddress.getLoopbackAddress();
    Backend backend = new Backend(world, "measured", BackendPolicy.USUAL);
    backend.endpoints(List.of(new InetSocketAddress(here, backendPort)));
    Route route =
        new Route("all", new PathMatch.Prefix("/"), new Action.Forward(Split.all(backend)));
    HttpRouter router = new HttpRouter(world, RouterSettings.usual(1), Observer.NONE);
    router
        .listen(new InetSocketAddress(here, port), null)
        .serve(
            RouteTable.of(
                "1", List.of(new VirtualHost(List.of(HostName.of("*")), List.of(route)))));
    Thread.currentThread().join();
  }
}
