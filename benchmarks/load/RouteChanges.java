import dev.tiphys.apiserver.ApiServer;
import dev.tiphys.apiserver.ApiServerSettings;
import dev.tiphys.apiserver.bootstrap.DefaultObjects.ApiServerAddress;
import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.client.ListOptions;
import dev.tiphys.http.TlsSettings;
import dev.tiphys.network.gatewayapi.GatewayApi;
import dev.tiphys.network.gatewayapi.GatewayResources;
import dev.tiphys.network.router.listeners.Edge;
import dev.tiphys.network.router.listeners.Places;
import dev.tiphys.network.router.proxy.HttpRouter;
import dev.tiphys.network.router.proxy.Observer;
import dev.tiphys.network.router.proxy.RouterSettings;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.object.encoding.Yaml;
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

/// `RouteChanges.java COUNT`: how long it takes from the request that changes one of so many
/// VirtualServices until a client is answered by the change. Prints median and maximum in milliseconds.
public final class RouteChanges {

  private static final int ROUNDS = 50;

  private RouteChanges() {}

  public static void main(String[] arguments) throws Exception {
    int count = Integer.parseInt(arguments[0]);
    World world = new RealWorld();
    ApiServer server =
        new ApiServer(
            EmbeddedStore.inMemory(world),
            world,
            ApiServerSettings.standard().withoutPlugins("ServiceAccount"));
    server.defaults(new ApiServerAddress("192.0.2.200", 6443, "10.96.0.1")).ensure();
    Api api = server.api("measured");
    Credential own = Authority.found(world, "measured").credential();
    int port = freePort();
    HttpRouter router = new HttpRouter(world, RouterSettings.usual(1), Observer.NONE);
    Edge edge =
        new Edge(
            world,
            router,
            Places.fixed(List.of(InetAddress.getLoopbackAddress())),
            () -> new TlsSettings(own.key(), own.chain(), List.of()),
            List.of());
    GatewayResources.defaults(world, api).start();
    new GatewayApi(world, api, edge).start();
    while (!isServed(api)) {
      LockSupport.parkNanos(50_000_000);
    }
    api.create(GatewayResources.GATEWAYS, gateway(port));
    for (int i = 0; i < count; i++) {
      api.create(GatewayResources.HTTP_ROUTES, route(i));
    }
    await(port, count - 1, "before");
    List<Double> took = new ArrayList<>();
    for (int round = 0; round < ROUNDS; round++) {
      int which = round * 37 % count;
      Struct present = api.get(GatewayResources.HTTP_ROUTES, "default", "app-" + which);
      String to = "round-" + round;
      Struct next = present.withAt(rules(to), "spec", "rules");
      long begin = System.nanoTime();
      api.update(GatewayResources.HTTP_ROUTES, next);
      await(port, which, to);
      took.add((System.nanoTime() - begin) / 1e6);
    }
    took.sort(null);
    System.out.printf("%.1f %.1f%n", took.get(ROUNDS / 2), took.getLast());
    System.exit(0);
  }

  private static boolean isServed(Api api) {
    try {
      api.list(GatewayResources.HTTP_ROUTES, "", ListOptions.ALL);
      return true;
    } catch (ApiException e) {
      return false;
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  private static Struct gateway(int port) {
    return Yaml.struct(
        """
        apiVersion: gateway.networking.k8s.io/v1
        kind: Gateway
        metadata: {name: gate, namespace: default}
        spec: {gatewayClassName: tiphys, listeners: [{name: http, port: %d, protocol: HTTP}]}
        """
            .formatted(port));
  }

  private static Struct route(int number) {
    return Yaml.struct(
            """
            apiVersion: gateway.networking.k8s.io/v1
            kind: HTTPRoute
            metadata: {name: app-%1$d, namespace: default}
            spec: {parentRefs: [{name: gate}], hostnames: [host-%1$d.example.com]}
            """
                .formatted(number))
        .withAt(rules("before"), "spec", "rules");
  }

  private static List<?> rules(String path) {
    return Yaml.struct(
            """
            rules:
            - matches: [{path: {value: /api}, headers: [{name: x-version, value: two}]}]
              filters: [{type: RequestRedirect, requestRedirect: {hostname: other.example.com}}]
            - filters: [{type: RequestRedirect, requestRedirect: {path: {type: ReplaceFullPath, replaceFullPath: /%s}}}]
            """
                .formatted(path))
        .list("rules");
  }

  private static void await(int port, int host, String path) {
    String request =
        "GET / HTTP/1.1\r\nHost: host-" + host + ".example.com\r\nConnection: close\r\n\r\n";
    String answer = "";
    while (!answer.contains("example.com/" + path + "\r\n") && !answer.contains(":" + port + "/" + path + "\r\n")) {
      try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
        socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
        answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
      } catch (IOException e) {
        answer = ""; // the port is not open yet
      }
      LockSupport.parkNanos(500_000); // what is measured needs the processor, too
    }
  }
}
