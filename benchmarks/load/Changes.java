import dev.tiphys.apiserver.ApiServer;
import dev.tiphys.apiserver.ApiServerSettings;
import dev.tiphys.apiserver.bootstrap.DefaultObjects.ApiServerAddress;
import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.http.TlsSettings;
import dev.tiphys.network.ingress.IngressController;
import dev.tiphys.network.ingress.IngressSettings;
import dev.tiphys.network.router.listeners.Edge;
import dev.tiphys.network.router.listeners.Places;
import dev.tiphys.network.router.proxy.HttpRouter;
import dev.tiphys.network.router.proxy.Observer;
import dev.tiphys.network.router.proxy.RouterSettings;
import dev.tiphys.object.Struct;
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

/// `Changes.java INGRESSES`: how long it takes from the request that changes one of so many Ingresses, with ten
/// paths each, until a client is answered by the change. Prints median and maximum in milliseconds.
public final class Changes {

  private static final int ROUNDS = 50;

  private Changes() {}

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
    new IngressController(world, api, edge, new IngressSettings(port, freePort())).start();
    for (int i = 0; i < count; i++) {
      api.create(ApiResource.INGRESSES, ingress(i));
    }
    await(port, count - 1, "/0");
    List<Double> took = new ArrayList<>();
    for (int round = 0; round < ROUNDS; round++) {
      int which = round * 37 % count;
      Struct present = api.get(ApiResource.INGRESSES, "default", "app-" + which);
      String to = "/to-" + round;
      Struct next =
          present.withAt(to, "metadata", "annotations", "nginx.ingress.kubernetes.io/app-root");
      long begin = System.nanoTime();
      api.update(ApiResource.INGRESSES, next);
      await(port, which, to);
      took.add((System.nanoTime() - begin) / 1e6);
    }
    took.sort(null);
    System.out.printf("%.1f %.1f%n", took.get(ROUNDS / 2), took.getLast());
    System.exit(0);
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  private static Struct ingress(int number) {
    StringBuilder text =
        new StringBuilder(
            """
            metadata:
              name: app-%1$d
              namespace: default
              annotations:
                kubernetes.io/ingress.class: nginx
                nginx.ingress.kubernetes.io/app-root: /0
            spec:
              rules:
              - host: host-%1$d.example.com
                http:
                  paths:
            """
                .formatted(number));
    for (int i = 0; i < 10; i++) {
      text.append(
          "      - {pathType: Prefix, path: /app/%d, backend: {service: {name: s-%d, port: {number: 80}}}}\n"
              .formatted(i, number));
    }
    return Yaml.struct(text.toString());
  }

  private static void await(int port, int host, String root) throws IOException {
    String request =
        "GET / HTTP/1.1\r\nHost: host-" + host + ".example.com\r\nConnection: close\r\n\r\n";
    String answer = "";
    while (!answer.contains("location: " + root + "\r\n")) {
      try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
        socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
        answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
      } catch (IOException e) {
        answer = ""; // the port is not open yet
      }
    }
  }
}
