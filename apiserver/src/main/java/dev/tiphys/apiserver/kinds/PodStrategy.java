package dev.tiphys.apiserver.kinds;

import dev.tiphys.apiserver.registry.Strategy;
import dev.tiphys.apiserver.request.Call;
import dev.tiphys.object.Null;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Pods: they begin Pending, and take their time to end.
final class PodStrategy implements Strategy {

  @Override
  public Struct prepareForCreate(Call call, Struct pod) {
    StructBuilder status =
        new StructBuilder().add("phase", "Pending").add("qosClass", QualityOfService.of(pod));
    if (!pod.list("spec", "schedulingGates").isEmpty()) {
      status.add("conditions", List.of(gated(pod.string("metadata", "creationTimestamp"))));
    }
    return pod.with("status", status.build());
  }

  private static Struct gated(String since) {
    return new StructBuilder()
        .add("type", "PodScheduled")
        .add("status", "False")
        .add("reason", "SchedulingGated")
        .add("message", "Scheduling is blocked due to non-empty scheduling gates")
        .add("lastProbeTime", Null.NULL)
        .add("lastTransitionTime", since)
        .build();
  }

  /// Whoever writes a Pod's status leaves its owners and its class of service alone.
  @Override
  public Struct prepareForStatusUpdate(Call call, Struct pod, Struct old) {
    Struct next = pod;
    Object owners = old.get("metadata", "ownerReferences");
    next =
        owners == null
            ? next.withoutAt("metadata", "ownerReferences")
            : next.withAt(owners, "metadata", "ownerReferences");
    if (next.string("status", "qosClass").isEmpty()) {
      next = next.withAt(QualityOfService.of(next), "status", "qosClass");
    }
    return next;
  }

  @Override
  public long gracePeriod(Struct pod, @Nullable Long requested) {
    String phase = pod.string("status", "phase");
    boolean runsNowhere =
        pod.string("spec", "nodeName").isEmpty()
            || phase.equals("Succeeded")
            || phase.equals("Failed");
    if (runsNowhere) {
      return 0;
    }
    long wanted =
        requested == null ? pod.integer("spec", "terminationGracePeriodSeconds") : requested;
    return wanted < 0 ? 1 : wanted;
  }

  @Override
  public @Nullable String selectable(Struct pod, String field) {
    return switch (field) {
      case "spec.host" -> pod.string("spec", "nodeName");
      case "spec.hostNetwork" -> Boolean.toString(pod.bool("spec", "hostNetwork"));
      case "status.podIPs" -> "";
      default -> null;
    };
  }
}
