package dev.tiphys.controllers.protection;

import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.client.Informer;
import dev.tiphys.client.ListOptions;
import dev.tiphys.controllers.common.ClusterView;
import dev.tiphys.controllers.common.Component;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.api.ObjectKey;
import dev.tiphys.schema.GroupVersion;
import dev.tiphys.world.World;

/// Keeps groups of Pods that are to be deleted until their Pods have run their course, or are gone.
public final class PodGroupProtection implements Component {

  public static final String NAME = "podgroup-protection-controller";

  private static final ApiResource GROUPS =
      new ApiResource(
          GroupVersion.parse("scheduling.k8s.io/v1alpha2"), "podgroups", "PodGroup", true);

  private final Informer groups; // not every server serves them, so nothing else waits for them
  private final ProtectionController controller;

  public PodGroupProtection(World world, Api api, ClusterView cluster) {
    this.groups = new Informer(world, api, GROUPS);
    this.controller =
        new ProtectionController(
            NAME,
            world,
            api,
            groups,
            "scheduling.k8s.io/podgroup-protection",
            group -> isUsed(api, group));
    cluster
        .of(ApiResource.PODS)
        .listen(
            new Informer.Listener() {
              @Override
              public void updated(Struct before, Struct now) {
                if (isOver(now) && !isOver(before)) {
                  deleted(now);
                }
              }

              @Override
              public void deleted(Struct last) {
                String group = groupOf(last);
                if (!group.isEmpty()) {
                  controller.released(
                      new ObjectKey(Meta.of(last).namespace(), group), Meta.of(last).revision());
                }
              }
            });
  }

  private static String groupOf(Struct pod) {
    return pod.string("spec", "schedulingGroup", "podGroupName");
  }

  private static boolean isOver(Struct pod) {
    String phase = pod.string("status", "phase");
    return phase.equals("Succeeded") || phase.equals("Failed");
  }

  /// Asked of the server: an informer may not know a Pod yet that was just made.
  private static boolean isUsed(Api api, Struct group) {
    Meta meta = Meta.of(group);
    return api.list(ApiResource.PODS, meta.namespace(), ListOptions.ALL).items().stream()
        .anyMatch(pod -> groupOf(pod).equals(meta.name()) && !isOver(pod));
  }

  @Override
  public void start() {
    groups.start();
    controller.start();
  }

  @Override
  public void close() {
    groups.close();
    controller.close();
  }
}
