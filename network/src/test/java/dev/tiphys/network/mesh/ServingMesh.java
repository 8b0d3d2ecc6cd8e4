package dev.tiphys.network.mesh;

import dev.tiphys.network.NetworkSettings;
import dev.tiphys.network.Prefix;
import dev.tiphys.network.netlink.Namespace;
import dev.tiphys.network.router.proxy.HttpRouter;
import dev.tiphys.network.router.proxy.Observer;
import dev.tiphys.network.router.proxy.RouterSettings;
import dev.tiphys.network.router.table.Action;
import dev.tiphys.network.router.table.HostName;
import dev.tiphys.network.router.table.PathMatch;
import dev.tiphys.network.router.table.Route;
import dev.tiphys.network.router.table.VirtualHost;
import dev.tiphys.world.RealWorld;
import dev.tiphys.world.World;
import java.net.InetAddress;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/// A process that serves calls to one address of a Service until it is killed: `NODE SERVICE`, both
/// addresses.
final class ServingMesh {

  private ServingMesh() {}

  public static void main(String[] arguments) throws Exception {
    World world = new RealWorld();
    InetAddress node = InetAddress.ofLiteral(arguments[0]);
    NetworkSettings settings =
        new NetworkSettings(
            "node-1", List.of(node), List.of(Prefix.parse("10.244.0.0/16")), "test", Namespace.OWN);
    HttpRouter router = new HttpRouter(world, RouterSettings.usual(1), Observer.NONE);
    Mesh mesh =
        new Mesh(world, router, List.of(node), new KernelRedirects(settings), Mesh.Policies.NONE);
    Route route =
        new Route(
            "all",
            new PathMatch.Characters(""),
            new Action.Respond(200, "text/plain", "the router"));
    mesh.serve(
        "1",
        List.of(
            new Mesh.Governed(
                "default/web",
                80,
                List.of(InetAddress.ofLiteral(arguments[1])),
                List.of(new VirtualHost(List.of(new HostName.Any()), List.of(route))))));
    System.out.println("serving");
    while (true) {
      LockSupport.park();
    }
  }
}
