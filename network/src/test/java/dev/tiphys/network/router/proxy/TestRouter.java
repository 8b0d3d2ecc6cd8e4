package dev.tiphys.network.router.proxy;

import dev.tiphys.network.router.backends.Backend;
import dev.tiphys.network.router.backends.BackendPolicy;
import dev.tiphys.network.router.table.Action;
import dev.tiphys.network.router.table.HostName;
import dev.tiphys.network.router.table.PathMatch;
import dev.tiphys.network.router.table.Route;
import dev.tiphys.network.router.table.RouteTable;
import dev.tiphys.network.router.table.Split;
import dev.tiphys.network.router.table.VirtualHost;
import dev.tiphys.network.router.tls.Certificates;
import dev.tiphys.world.RealWorld;
import dev.tiphys.world.World;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;

/// A proxy on a port of its own, with what it tells of its requests.
final class TestRouter implements AutoCloseable {

  private static final World WORLD = new RealWorld();

  private final BlockingQueue<Observer.Served> served = new LinkedBlockingQueue<>();
  private final HttpRouter router;
  private final List<Listener> listeners = new ArrayList<>();

  /// A proxy that is as patient as any: a client that is late is not cut off.
  TestRouter() throws IOException {
    this(WORLD);
  }

  /// A proxy whose time passes in a world.
  TestRouter(World world) throws IOException {
    router = new HttpRouter(world, RouterSettings.usual(2), served::add);
    listen(null);
  }

  /// Listens at one more port, where the next table is served too.
  InetSocketAddress listen(@Nullable Certificates certificates) throws IOException {
    listeners.add(
        router.listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), certificates));
    return listeners.getLast().address();
  }

  static World world() {
    return WORLD;
  }

  HttpRouter router() {
    return router;
  }

  InetSocketAddress address() {
    return listeners.getFirst().address();
  }

  /// The next request that has ended.
  Observer.Served served() throws InterruptedException {
    return served.take();
  }

  /// A backend with those endpoints.
  static Backend backend(BackendPolicy policy, Scripted... endpoints) {
    Backend backend = new Backend(WORLD, "tested", policy);
    backend.endpoints(Arrays.stream(endpoints).map(Scripted::address).toList());
    return backend;
  }

  /// Does the same with all requests.
  TestRouter all(Action action) {
    return serve(new Route("all", new PathMatch.Prefix("/"), action));
  }

  /// Passes all requests on.
  TestRouter all(Scripted... endpoints) {
    return all(new Action.Forward(Split.all(backend(BackendPolicy.USUAL, endpoints))));
  }

  TestRouter serve(Route... routes) {
    VirtualHost host = new VirtualHost(List.of(HostName.of("*")), List.of(routes));
    listeners.forEach(each -> each.serve(RouteTable.of("1", List.of(host))));
    return this;
  }

  Raw connect() throws IOException {
    return Raw.to(address());
  }

  /// What one request is answered.
  String get(String target) throws IOException {
    try (Raw client = connect()) {
      return client.send("GET " + target + " HTTP/1.1\nHost: a.example.com\n\n").answer();
    }
  }

  @Override
  public void close() {
    router.close();
  }
}
