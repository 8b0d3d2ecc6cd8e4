package dev.tiphys.delivery.traffic.istio;

import dev.tiphys.client.ApiResource;
import dev.tiphys.delivery.model.Rollout;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.ObjectKey;
import dev.tiphys.schema.GroupVersion;
import java.util.ArrayList;
import java.util.List;

/// The objects of Istio that a Rollout names.
public final class IstioResources {

  private static final GroupVersion VERSION = GroupVersion.parse("networking.istio.io/v1alpha3");
  public static final ApiResource VIRTUAL_SERVICES =
      new ApiResource(VERSION, "virtualservices", "VirtualService", true);
  public static final ApiResource DESTINATION_RULES =
      new ApiResource(VERSION, "destinationrules", "DestinationRule", true);

  private IstioResources() {}

  /// The references to VirtualServices in a Rollout's `istio`.
  static List<Struct> references(Struct istio) {
    List<Struct> all = new ArrayList<>(istio.structs("virtualServices"));
    if (istio.has("virtualService")) {
      all.add(istio.struct("virtualService"));
    }
    return all;
  }

  /// The VirtualServices that a Rollout names.
  public static List<ObjectKey> virtualServices(Rollout rollout) {
    return references(rollout.canary().trafficRouting().struct("istio")).stream()
        .map(reference -> place(reference.string("name"), rollout.namespace()))
        .toList();
  }

  /// The DestinationRules that a Rollout names.
  public static List<ObjectKey> destinationRules(Rollout rollout) {
    String name = rollout.canary().trafficRouting().string("istio", "destinationRule", "name");
    return name.isEmpty() ? List.of() : List.of(new ObjectKey(rollout.namespace(), name));
  }

  /// What a reference means that may be `name`, `name.namespace` or a whole host name.
  static ObjectKey place(String reference, String namespace) {
    String bare = reference.replaceAll("(\\.svc)?\\.cluster\\.local$", "");
    int dot = bare.lastIndexOf('.');
    return dot < 0
        ? new ObjectKey(namespace, bare)
        : new ObjectKey(bare.substring(dot + 1), bare.substring(0, dot));
  }
}
