package dev.tiphys.apiserver.kinds.gated;

import dev.tiphys.apiserver.registry.Strategy;
import dev.tiphys.apiserver.request.Call;
import dev.tiphys.object.Null;
import dev.tiphys.object.Struct;
import java.util.List;

/// Workloads: their templates are without what PodGroups are without. Templates never change.
public final class WorkloadStrategy implements Strategy {

  private static final Drops MODE = new Drops(List.of("disruptionMode"));

  @Override
  public Struct prepareForCreate(Call call, Struct workload) {
    return workload.has("spec", "podGroupTemplates")
        ? workload.withAt(
            workload.structs("spec", "podGroupTemplates").stream()
                .map(template -> PodGroupStrategy.DROPS.from(template, Struct.EMPTY))
                .map(template -> MODE.from(template, Struct.EMPTY))
                .map(template -> template.with("schedulingConstraints", Null.NULL))
                .toList(),
            "spec",
            "podGroupTemplates")
        : workload;
  }
}
