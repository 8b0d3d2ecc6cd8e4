package dev.tiphys.network.gatewayapi;

import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.client.defaults.DefaultObjects;
import dev.tiphys.object.Struct;
import dev.tiphys.schema.GroupVersion;
import dev.tiphys.world.World;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// The kinds of the group `gateway.networking.k8s.io` that are served here, as the standard channel
/// has them.
public final class GatewayResources {

  public static final String GROUP = "gateway.networking.k8s.io";

  /// Which release of the Gateway API the kinds are those of: other programs look at it before they
  /// install their own.
  static final String RELEASE = "v1.6.1";

  public static final ApiResource GATEWAY_CLASSES =
      of("v1", "gatewayclasses", "GatewayClass", false);
  public static final ApiResource GATEWAYS = of("v1", "gateways", "Gateway", true);
  public static final ApiResource HTTP_ROUTES = of("v1", "httproutes", "HTTPRoute", true);
  public static final ApiResource GRPC_ROUTES = of("v1", "grpcroutes", "GRPCRoute", true);
  public static final ApiResource TLS_ROUTES = of("v1", "tlsroutes", "TLSRoute", true);
  public static final ApiResource TCP_ROUTES = of("v1", "tcproutes", "TCPRoute", true);
  public static final ApiResource REFERENCE_GRANTS =
      of("v1beta1", "referencegrants", "ReferenceGrant", true);
  public static final ApiResource BACKEND_TLS_POLICIES =
      of("v1", "backendtlspolicies", "BackendTLSPolicy", true);

  /// The kinds of routes.
  static final List<ApiResource> ROUTES = List.of(HTTP_ROUTES, GRPC_ROUTES, TLS_ROUTES, TCP_ROUTES);

  /// All of them.
  public static final List<ApiResource> ALL =
      List.of(
          GATEWAY_CLASSES,
          GATEWAYS,
          HTTP_ROUTES,
          GRPC_ROUTES,
          TLS_ROUTES,
          TCP_ROUTES,
          REFERENCE_GRANTS,
          BACKEND_TLS_POLICIES);

  /// Versions that differ from the stored one by their name alone.
  private static final Map<String, String> OTHER_VERSIONS =
      Map.of(
          "gatewayclasses", "v1beta1",
          "gateways", "v1beta1",
          "httproutes", "v1beta1",
          "referencegrants", "v1");

  /// Read once: tests start many clusters.
  private static final List<Struct> DEFINITIONS = read();

  private GatewayResources() {}

  private static ApiResource of(String version, String plural, String kind, boolean namespaced) {
    return new ApiResource(GroupVersion.parse(GROUP + "/" + version), plural, kind, namespaced);
  }

  /// What makes the kinds known to a cluster, and the class that is served here; not started.
  public static DefaultObjects defaults(World world, Api api) {
    List<Struct> objects = new ArrayList<>(definitions());
    objects.addAll(DefaultObjects.read(GatewayResources.class, "gateway-class.yaml"));
    return new DefaultObjects(
        world,
        api,
        "gateway",
        List.of(ApiResource.CUSTOM_RESOURCE_DEFINITIONS, GATEWAY_CLASSES),
        objects);
  }

  /// The definitions of the kinds, with all versions.
  public static List<Struct> definitions() {
    return DEFINITIONS;
  }

  private static List<Struct> read() {
    return DefaultObjects.read(GatewayResources.class, "gateways.yaml", "routes.yaml").stream()
        .flatMap(list -> list.structs("items").stream())
        .map(GatewayResources::complete)
        .toList();
  }

  private static Struct complete(Struct definition) {
    Struct annotations =
        Struct.of("api-approved.kubernetes.io", "https://github.com/" + APPROVAL)
            .with(GROUP + "/bundle-version", RELEASE)
            .with(GROUP + "/channel", "standard");
    Struct annotated = definition.withAt(annotations, "metadata", "annotations");
    String other = OTHER_VERSIONS.get(definition.string("spec", "names", "plural"));
    if (other == null) {
      return annotated;
    }
    Struct stored = definition.structs("spec", "versions").getFirst();
    return annotated.withAt(
        List.of(stored, stored.with("name", other).with("storage", false)), "spec", "versions");
  }

  /// Where the group's use of a name below `k8s.io` was approved, which its definitions must say.
  private static final String APPROVAL = "kubernetes-sigs/gateway-api/pull/4530";
}
