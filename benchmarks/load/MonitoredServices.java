import dev.tiphys.apiserver.ApiServer;
import dev.tiphys.apiserver.ApiServerSettings;
import dev.tiphys.apiserver.bootstrap.DefaultObjects.ApiServerAddress;
import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.object.Struct;
import dev.tiphys.object.encoding.Yaml;
import dev.tiphys.store.embedded.EmbeddedStore;
import dev.tiphys.world.RealWorld;
import dev.tiphys.world.World;

/// An API server with Services that have a label `app` and a port `metrics`, and with their endpoints: addresses of
/// 198.18.0.0/15 (RFC 2544).
final class MonitoredServices {

  final World world = new RealWorld();
  final ApiServer server =
      new ApiServer(EmbeddedStore.inMemory(world), world, ApiServerSettings.standard().withoutPlugins("ServiceAccount"));
  final Api api = server.api("measuring");
  private final int port;

  /// @param port of all endpoints
  MonitoredServices(int port) {
    this.port = port;
    server.defaults(new ApiServerAddress("192.0.2.200", 6443, "10.96.0.1")).ensure();
  }

  /// Makes one, with a number of endpoints from the first on.
  void make(String name, String app, int first, int count) {
    api.create(
        ApiResource.SERVICES,
        object(
            "v1",
            "Service",
            "metadata: {name: %s, namespace: default, labels: {app: %s}}\nspec: {ports: [{name: metrics, port: 80}]}"
                .formatted(name, app)));
    StringBuilder endpoints = new StringBuilder();
    for (int i = first; i < first + count; i++) {
      endpoints.append("- {addresses: [198.18.%d.%d], conditions: {ready: true}}%n".formatted(i / 200, 1 + i % 200));
    }
    api.create(
        ApiResource.ENDPOINT_SLICES,
        object(
            "discovery.k8s.io/v1",
            "EndpointSlice",
            "metadata: {name: %1$s-a, namespace: default, labels: {kubernetes.io/service-name: %1$s, app: %2$s}}\naddressType: IPv4\nports: [{name: metrics, port: %3$d, protocol: TCP}]\nendpoints:\n%4$s"
                .formatted(name, app, port, endpoints)));
  }

  static Struct object(String version, String kind, String rest) {
    return Yaml.struct("apiVersion: %s\nkind: %s\n%s".formatted(version, kind, rest));
  }
}
