package dev.tiphys.apiserver.admission.pods;

import dev.tiphys.apiserver.admission.Admission;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.schema.validation.ResourceNames;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Pods that ask for a special resource tolerate the nodes that are kept for it: upstream's plugin
/// of the same name.
public final class ExtendedResourceToleration implements Admission {

  @Override
  public Struct mutate(Request request, Struct pod, @Nullable Struct old) {
    boolean writes =
        request.operation() == Operation.CREATE || request.operation() == Operation.UPDATE;
    if (!writes || !request.isOn("", "pods")) {
      return pod;
    }
    Set<String> resources = new TreeSet<>();
    for (String field : List.of("containers", "initContainers")) {
      for (Struct container : pod.structs("spec", field)) {
        container.struct("resources", "requests").names().stream()
            .filter(ResourceNames::isExtended)
            .forEach(resources::add);
      }
    }
    List<Struct> present = pod.structs("spec", "tolerations");
    List<Object> tolerations = new ArrayList<>(present);
    for (String resource : resources) {
      Struct needed =
          new StructBuilder()
              .add("key", resource)
              .add("operator", "Exists")
              .add("effect", "NoSchedule")
              .build();
      if (!present.contains(needed)) {
        tolerations.add(needed);
      }
    }
    return tolerations.size() == present.size()
        ? pod
        : pod.withAt(List.copyOf(tolerations), "spec", "tolerations");
  }
}
