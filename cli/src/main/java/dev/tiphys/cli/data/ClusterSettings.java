package dev.tiphys.cli.data;

import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.ApiException;
import java.util.List;

/// What all nodes of a cluster must have the same of, in a ConfigMap that those which join can
/// read.
public final class ClusterSettings {

  private static final String NAMESPACE = "kube-system";
  private static final String NAME = "tiphys-cluster";
  private static final String POD_RANGES = "cluster-cidr";

  private ClusterSettings() {}

  /// Says where Pods have their addresses from.
  public static void write(Api api, List<String> podRanges) {
    Struct data = Struct.of(POD_RANGES, String.join(",", podRanges));
    Struct present = api.find(ApiResource.CONFIG_MAPS, NAMESPACE, NAME);
    if (present == null) {
      api.create(
          ApiResource.CONFIG_MAPS,
          Struct.of("apiVersion", "v1", "kind", "ConfigMap")
              .with("metadata", Struct.of("name", NAME, "namespace", NAMESPACE))
              .with("data", data));
    } else if (!present.struct("data").equals(data)) {
      api.update(ApiResource.CONFIG_MAPS, present.with("data", data));
    }
  }

  /// Where Pods have their addresses from; empty if the cluster does not say, or not to this
  /// client.
  public static List<String> podRanges(Api api) {
    try {
      Struct found = api.find(ApiResource.CONFIG_MAPS, NAMESPACE, NAME);
      String ranges = found == null ? "" : found.struct("data").string(POD_RANGES);
      return ranges.isEmpty() ? List.of() : List.of(ranges.split(","));
    } catch (ApiException e) {
      return List.of();
    }
  }
}
