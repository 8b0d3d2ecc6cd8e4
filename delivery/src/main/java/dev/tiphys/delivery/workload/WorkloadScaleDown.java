package dev.tiphys.delivery.workload;

import dev.tiphys.client.ApiResource;
import dev.tiphys.client.PatchType;
import dev.tiphys.delivery.model.Rollout;
import dev.tiphys.delivery.pass.Pass;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import org.jspecify.annotations.Nullable;

/// Takes the Pods of the Deployment whose template a Rollout uses, as the Rollout's own come.
///
/// @param pass the look, with its status complete
public record WorkloadScaleDown(Pass pass) {

  /// @param target the workload; null if there is none
  public void run(@Nullable Struct target) {
    Rollout rollout = pass.rollout();
    if (target == null || !rollout.workloadRef().string("kind").equals("Deployment")) {
      return;
    }
    long size = target.integer("spec", "replicas");
    long wanted =
        switch (rollout.workloadRef().string("scaleDown")) {
          case "onsuccess" -> isHealthy() ? 0 : size;
          case "progressively" -> isFirst() ? Math.min(size, missing()) : size;
          default -> size;
        };
    if (wanted == size) {
      return;
    }
    Meta meta = Meta.of(target);
    pass.tools()
        .api()
        .patch(
            ApiResource.DEPLOYMENTS,
            meta.namespace(),
            meta.name(),
            "",
            PatchType.MERGE,
            Struct.of(
                "metadata", Struct.of("uid", meta.uid()), "spec", Struct.of("replicas", wanted)));
  }

  private boolean isHealthy() {
    return pass.status().now().string("phase").equals("Healthy");
  }

  /// Only the first revision takes over from the Deployment.
  private boolean isFirst() {
    return pass.newest().revision() == 1;
  }

  private long missing() {
    return Math.max(0, pass.rollout().replicas() - pass.newest().available());
  }
}
