import dev.tiphys.apiserver.ApiServer;
import dev.tiphys.apiserver.ApiServerSettings;
import dev.tiphys.apiserver.bootstrap.DefaultObjects.ApiServerAddress;
import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.network.NetworkSettings;
import dev.tiphys.network.Prefix;
import dev.tiphys.network.dns.Dns;
import dev.tiphys.network.dns.DnsSettings;
import dev.tiphys.network.netlink.Namespace;
import dev.tiphys.network.proxy.Proxy;
import dev.tiphys.object.Struct;
import dev.tiphys.object.encoding.Yaml;
import dev.tiphys.store.embedded.EmbeddedStore;
import dev.tiphys.world.RealWorld;
import dev.tiphys.world.World;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Measures the service proxy: Services.java SERVICES ENDPOINTS CHANGES ASK... To be run in a network of its own, a
/// node's, with Pods at cables: one that serves at 10.244.0.3 and 10.244.0.4, and one from whose network the command ASK (`ip netns exec POD`
/// and what runs there) measures connections to two addresses, one of the first Pod and one of a Service before it.
public final class Services {
  private static final String SERVER = "10.244.0.3";

  /// Another address of the same Pod: at one, the kernel would have to find other ports for connections that it still
  /// remembers.
  private static final String STRAIGHT = "10.244.0.4";

  private static final int PORT = 8080;

  private Services() {}

  public static void main(String[] arguments) throws Exception {
    int services = Integer.parseInt(arguments[0]);
    int endpoints = Integer.parseInt(arguments[1]);
    int changes = Integer.parseInt(arguments[2]);
    World world = new RealWorld();
    ApiServer server =
        new ApiServer(
            EmbeddedStore.inMemory(world),
            world,
            ApiServerSettings.standard().withoutPlugins("ServiceAccount"));
    server.defaults(new ApiServerAddress("192.0.2.200", 6443, "10.96.0.1")).ensure();
    Api api = server.api("measuring");
    long last = 0;
    for (int i = 0; i < services; i++) {
      api.create(ApiResource.SERVICES, object("v1", "Service", "svc-" + i, "spec: {ports: [{port: 80}]}"));
      last = revision(api.create(ApiResource.ENDPOINT_SLICES, slice(i, endpoints, 0)));
    }
    String address = api.get(ApiResource.SERVICES, "default", "svc-0").string("spec", "clusterIP");
    long before = memory();
    long begin = System.nanoTime();
    Proxy proxy = proxy(world, api);
    proxy.start();
    await(proxy, last);
    figure("full program of %,d Services, %,d endpoints, s".formatted(services, services * endpoints),
        (System.nanoTime() - begin) / 1e9);
    figure("memory of the proxy then, MB", (memory() - before) / 1e6);
    before = memory();
    try (Dns dns = dns(world, api)) {
      dns.start();
      while (!dns.ready()) {
        Thread.sleep(10);
      }
      figure("memory of the DNS with their names, MB", (memory() - before) / 1e6);
    }
    proxy.close();
    proxy = proxy(world, api);
    begin = System.nanoTime();
    proxy.start();
    await(proxy, last);
    figure("the same once the JVM is warm, s", (System.nanoTime() - begin) / 1e9);
    double[] millis = new double[changes];
    for (int i = -500; i < changes; i++) {
      int service = 1 + Math.floorMod(i, services - 1);
      Struct present = api.get(ApiResource.ENDPOINT_SLICES, "default", "svc-" + service);
      Struct next = slice(service, endpoints, 1 + Math.floorMod(i, 200)).with("metadata", present.struct("metadata"));
      long start = System.nanoTime();
      await(proxy, revision(api.update(ApiResource.ENDPOINT_SLICES, next)));
      if (i >= 0) {
        millis[i] = (System.nanoTime() - start) / 1e6;
      }
    }
    Arrays.sort(millis);
    figure("change of an endpoint to the rule in the kernel, p50, ms", millis[changes / 2]);
    figure("the same, p99, ms", millis[changes * 99 / 100]);
    List<String> ask = List.of(arguments).subList(3, arguments.length);
    connections(ask, "from Pod to Pod", address);
    connections(ask.subList(4, ask.size()), "from the node to a Pod", address);
    long cpu = cpuNanos();
    Thread.sleep(10_000);
    figure("processor time of the whole process in 10 s without changes, ms", (cpuNanos() - cpu) / 1e6);
    System.exit(0);
  }

  private static Proxy proxy(World world, Api api) throws Exception {
    return new Proxy(
        world,
        api,
        new NetworkSettings(
            "node-1",
            List.of(InetAddress.ofLiteral("192.0.2.1")),
            List.of(Prefix.of("10.244.0.0/16")),
            "measured",
            Namespace.OWN));
  }

  private static Dns dns(World world, Api api) throws Exception {
    return new Dns(
        world,
        api,
        DnsSettings.of(
            "node-1",
            List.of(InetAddress.ofLiteral("127.0.0.1")),
            List.of(InetAddress.ofLiteral("10.96.0.10")),
            DnsSettings.DOMAIN));
  }

  private static void connections(List<String> command, String way, String service) throws Exception {
    List<String> whole = new ArrayList<>(command);
    whole.add(way);
    whole.add(STRAIGHT + ":" + PORT);
    whole.add(service + ":80");
    new ProcessBuilder(whole).inheritIO().start().waitFor();
  }

  private static void await(Proxy proxy, long revision) throws InterruptedException {
    while (proxy.served() < revision) {
      Thread.sleep(Duration.ofNanos(100_000));
    }
  }

  private static long revision(Struct object) {
    return Long.parseLong(object.string("metadata", "resourceVersion"));
  }

  private static Struct slice(int service, int endpoints, int shift) {
    StringBuilder all = new StringBuilder();
    for (int i = 0; i < endpoints; i++) {
      String address = service == 0 ? SERVER : "10.244.%d.%d".formatted(1 + service % 250, 2 + (i + shift) % 250);
      all.append(i == 0 || service > 0 ? "{addresses: ['" + address + "'], conditions: {ready: true}}," : "");
    }
    return object(
        "discovery.k8s.io/v1",
        "EndpointSlice",
        "svc-" + service,
        "addressType: IPv4\nports: [{name: '', port: %d, protocol: TCP}]\nendpoints: [%s]"
            .formatted(PORT, all))
        .withAt("svc-" + service, "metadata", "labels", "kubernetes.io/service-name");
  }

  private static Struct object(String version, String kind, String name, String rest) {
    return Yaml.struct(
        "apiVersion: %s\nkind: %s\nmetadata: {name: %s, namespace: default}\n%s".formatted(version, kind, name, rest));
  }

  private static long memory() {
    for (int i = 0; i < 3; i++) {
      System.gc();
    }
    return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
  }

  private static long cpuNanos() {
    return ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO).toNanos();
  }

  private static void figure(String what, double value) {
    System.out.printf("%-66s %,.3f%n", what, value);
  }
}
