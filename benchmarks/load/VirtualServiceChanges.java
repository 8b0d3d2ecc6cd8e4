import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.client.ListOptions;
import dev.tiphys.network.istio.IstioResources;
import dev.tiphys.network.istio.IstioSettings;
import dev.tiphys.network.istio.VirtualServices;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.object.encoding.Yaml;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/// `VirtualServiceChanges.java COUNT`: how long it takes from the request that changes one of so many
/// VirtualServices until a client is answered by the change. Prints median and maximum in milliseconds.
public final class VirtualServiceChanges {

  private VirtualServiceChanges() {}

  public static void main(String[] arguments) throws Exception {
    EdgeChanges measured = new EdgeChanges();
    Api api = measured.api();
    IstioResources.definitions()
        .forEach(each -> api.create(ApiResource.CUSTOM_RESOURCE_DEFINITIONS, each));
    IstioSettings settings = new IstioSettings("cluster.local", measured.port());
    new VirtualServices(measured.world(), api, measured.edge(), null, settings).start();
    while (!isServed(api)) {
      LockSupport.parkNanos(50_000_000);
    }
    measured.measure(
        IstioResources.VIRTUAL_SERVICES,
        VirtualServiceChanges::virtualService,
        Integer.parseInt(arguments[0]),
        (present, round) -> present.withAt(routes("round-" + round), "spec", "http"),
        round -> "\r\n\r\n" + (round < 0 ? "before" : "round-" + round));
    System.exit(0);
  }

  private static boolean isServed(Api api) {
    try {
      api.list(IstioResources.VIRTUAL_SERVICES, "", ListOptions.ALL);
      return true;
    } catch (ApiException e) {
      return false;
    }
  }

  private static Struct virtualService(int number) {
    return Yaml.struct(
            """
            apiVersion: networking.istio.io/v1
            kind: VirtualService
            metadata: {name: app-%1$d, namespace: default}
            spec: {hosts: [host-%1$d.example.com]}
            """
                .formatted(number))
        .withAt(routes("before"), "spec", "http");
  }

  private static List<?> routes(String body) {
    return Yaml.struct(
            """
            http:
            - match: [{uri: {prefix: /api}, headers: {x-version: {exact: two}}}]
              directResponse: {status: 200, body: {string: other}}
            - directResponse: {status: 200, body: {string: %s}}
            """
                .formatted(body))
        .list("http");
  }
}
