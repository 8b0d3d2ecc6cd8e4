package dev.tiphys.apiserver.admission.pods;

import dev.tiphys.apiserver.admission.Admission;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Groups of Pods are held by a finalizer until none of their Pods runs any more: upstream's plugin
/// PodGroupProtection.
public final class PodGroupProtection implements Admission {

  private static final String FINALIZER = "scheduling.k8s.io/podgroup-protection";

  @Override
  public Struct mutate(Request request, Struct group, @Nullable Struct old) {
    boolean creates =
        request.operation() == Operation.CREATE && request.isOn("scheduling.k8s.io", "podgroups");
    if (!creates || Meta.of(group).finalizers().contains(FINALIZER)) {
      return group;
    }
    List<Object> finalizers = new ArrayList<>(Meta.of(group).finalizers());
    finalizers.add(FINALIZER);
    return group.withAt(List.copyOf(finalizers), "metadata", "finalizers");
  }
}
