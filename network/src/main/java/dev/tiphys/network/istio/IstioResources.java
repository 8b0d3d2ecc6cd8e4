package dev.tiphys.network.istio;

import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.client.defaults.DefaultObjects;
import dev.tiphys.object.Struct;
import dev.tiphys.schema.GroupVersion;
import dev.tiphys.world.World;
import java.util.ArrayList;
import java.util.List;

/// The kinds of the group `networking.istio.io` that are served here.
public final class IstioResources {

  public static final ApiResource VIRTUAL_SERVICES = of("virtualservices", "VirtualService");
  public static final ApiResource DESTINATION_RULES = of("destinationrules", "DestinationRule");
  public static final ApiResource GATEWAYS = of("gateways", "Gateway");
  public static final ApiResource SERVICE_ENTRIES = of("serviceentries", "ServiceEntry");

  /// All of them.
  public static final List<ApiResource> ALL =
      List.of(VIRTUAL_SERVICES, DESTINATION_RULES, GATEWAYS, SERVICE_ENTRIES);

  /// Versions that differ from the stored one by their name alone.
  private static final List<String> OLDER = List.of("v1beta1", "v1alpha3");

  /// Read once: tests start many clusters.
  private static final List<Struct> DEFINITIONS = read();

  private IstioResources() {}

  private static ApiResource of(String plural, String kind) {
    return new ApiResource(GroupVersion.parse("networking.istio.io/v1"), plural, kind, true);
  }

  /// What makes the kinds known to a cluster, not started.
  public static DefaultObjects defaults(World world, Api api) {
    return new DefaultObjects(
        world, api, "mesh", List.of(ApiResource.CUSTOM_RESOURCE_DEFINITIONS), definitions());
  }

  /// The definitions of the kinds, with all versions.
  public static List<Struct> definitions() {
    return DEFINITIONS;
  }

  private static List<Struct> read() {
    return DefaultObjects.read(
            IstioResources.class,
            "virtualservices.yaml",
            "destinationrules.yaml",
            "gateways.yaml",
            "serviceentries.yaml")
        .stream()
        .map(IstioResources::withOlderVersions)
        .toList();
  }

  private static Struct withOlderVersions(Struct definition) {
    Struct stored = definition.structs("spec", "versions").getFirst();
    List<Struct> versions = new ArrayList<>(List.of(stored));
    for (String name : OLDER) {
      versions.add(stored.with("name", name).with("storage", false));
    }
    return definition.withAt(versions, "spec", "versions");
  }
}
