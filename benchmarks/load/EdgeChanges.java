import dev.tiphys.apiserver.ApiServer;
import dev.tiphys.apiserver.ApiServerSettings;
import dev.tiphys.apiserver.bootstrap.DefaultObjects.ApiServerAddress;
import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.http.TlsSettings;
import dev.tiphys.network.router.listeners.Edge;
import dev.tiphys.network.router.listeners.Places;
import dev.tiphys.network.router.proxy.HttpRouter;
import dev.tiphys.network.router.proxy.Observer;
import dev.tiphys.network.router.proxy.RouterSettings;
import dev.tiphys.object.Struct;
import dev.tiphys.pki.Authority;
import dev.tiphys.pki.Credential;
import dev.tiphys.store.embedded.EmbeddedStore;
import dev.tiphys.world.RealWorld;
import dev.tiphys.world.World;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BiFunction;
import java.util.function.IntFunction;

/// An API server and an edge in one process, and how long it takes from the request that changes an
/// object until a client is answered by the change. Each object is called `app-NUMBER`, and has the
/// host `host-NUMBER.example.com`.
final class EdgeChanges {

  private static final int ROUNDS = 50;

  private final World world = new RealWorld();
  private final Api api;
  private final Edge edge;
  private final int port = freePort();

  EdgeChanges() throws Exception {
    ApiServer server =
        new ApiServer(
            EmbeddedStore.inMemory(world),
            world,
            ApiServerSettings.standard().withoutPlugins("ServiceAccount"));
    server.defaults(new ApiServerAddress("192.0.2.200", 6443, "10.96.0.1")).ensure();
    api = server.api("measured");
    Credential own = Authority.found(world, "measured").credential();
    HttpRouter router = new HttpRouter(world, RouterSettings.usual(1), Observer.NONE);
    edge =
        new Edge(
            world,
            router,
            Places.fixed(List.of(InetAddress.getLoopbackAddress())),
            () -> new TlsSettings(own.key(), own.chain(), List.of()),
            List.of());
  }

  World world() {
    return world;
  }

  Api api() {
    return api;
  }

  Edge edge() {
    return edge;
  }

  int port() {
    return port;
  }

  static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  /// Prints median and maximum in milliseconds.
  ///
  /// @param change what an object is in a round
  /// @param answer what a client's answer has by then; by round, -1 for the beginning
  void measure(
      ApiResource resource,
      IntFunction<Struct> object,
      int count,
      BiFunction<Struct, Integer, Struct> change,
      IntFunction<String> answer) {
    for (int i = 0; i < count; i++) {
      api.create(resource, object.apply(i));
    }
    await(count - 1, answer.apply(-1));
    List<Double> took = new ArrayList<>();
    for (int round = 0; round < ROUNDS; round++) {
      int which = round * 37 % count;
      Struct next = change.apply(api.get(resource, "default", "app-" + which), round);
      long begin = System.nanoTime();
      api.update(resource, next);
      await(which, answer.apply(round));
      took.add((System.nanoTime() - begin) / 1e6);
    }
    took.sort(null);
    System.out.printf("%.1f %.1f%n", took.get(ROUNDS / 2), took.getLast());
  }

  private void await(int host, String wanted) {
    String request =
        "GET / HTTP/1.1\r\nHost: host-" + host + ".example.com\r\nConnection: close\r\n\r\n";
    while (!answer(request).contains(wanted)) {
      LockSupport.parkNanos(500_000); // what is measured needs the processor, too
    }
  }

  private String answer(String request) {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
    } catch (IOException e) {
      return ""; // the port is not open yet
    }
  }
}
