package dev.tiphys.apiserver.bootstrap;

import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.object.api.Reason;
import dev.tiphys.schema.GroupVersion;
import java.util.List;
import java.util.Map;

/// Keeps an APIService for each group and version that the server itself serves.
final class ApiServices {

  private static final ApiResource RESOURCE =
      new ApiResource(
          new GroupVersion("apiregistration.k8s.io", "v1"), "apiservices", "APIService", false);

  private static final long LEAST_GROUP = 15_900;
  private static final long STABLE = 15;

  /// What upstream prefers among groups; those of the core group come before all others.
  private static final Map<String, Long> GROUPS =
      Map.ofEntries(
          Map.entry("", 18_000L),
          Map.entry("apps", 17_800L),
          Map.entry("events.k8s.io", 17_750L),
          Map.entry("authentication.k8s.io", 17_700L),
          Map.entry("authorization.k8s.io", 17_600L),
          Map.entry("autoscaling", 17_500L),
          Map.entry("batch", 17_400L),
          Map.entry("certificates.k8s.io", 17_300L),
          Map.entry("networking.k8s.io", 17_200L),
          Map.entry("policy", 17_100L),
          Map.entry("rbac.authorization.k8s.io", 17_000L),
          Map.entry("storage.k8s.io", 16_800L),
          Map.entry("apiextensions.k8s.io", 16_700L),
          Map.entry("admissionregistration.k8s.io", 16_700L),
          Map.entry("scheduling.k8s.io", 16_600L),
          Map.entry("coordination.k8s.io", 16_500L),
          Map.entry("node.k8s.io", 16_300L),
          Map.entry("discovery.k8s.io", 16_200L),
          Map.entry("flowcontrol.apiserver.k8s.io", 16_100L));

  /// Versions that are preferred otherwise than others.
  private static final Map<String, Long> VERSIONS =
      Map.of("v1", 1L, "autoscaling/v2", 30L, "flowcontrol.apiserver.k8s.io/v1", 21L);

  private final Api api;
  private final List<GroupVersion> served;

  /// @param served what the server serves, but for the group of APIServices itself
  ApiServices(Api api, List<GroupVersion> served) {
    this.api = api;
    this.served =
        served.stream().filter(each -> !each.group().equals("apiregistration.k8s.io")).toList();
  }

  void ensure() {
    served.forEach(this::ensure);
  }

  private void ensure(GroupVersion version) {
    String name = version.version() + "." + version.group();
    if (api.find(RESOURCE, "", name) == null) {
      create(name, version);
    }
  }

  private void create(String name, GroupVersion version) {
    Struct labels = Struct.of("kube-aggregator.kubernetes.io/automanaged", "onstart");
    Struct spec =
        new StructBuilder()
            .addUnlessEmpty("group", version.group())
            .add("version", version.version())
            .add("groupPriorityMinimum", GROUPS.getOrDefault(version.group(), LEAST_GROUP))
            .add("versionPriority", VERSIONS.getOrDefault(version.toString(), STABLE))
            .build();
    try {
      api.create(
          RESOURCE, Struct.of("metadata", Struct.of("name", name, "labels", labels), "spec", spec));
    } catch (ApiException e) {
      if (!e.is(Reason.ALREADY_EXISTS)) {
        throw e;
      }
    }
  }
}
