package dev.tiphys.apiserver.admission.podsecurity;

import dev.tiphys.object.Struct;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Which labels of SELinux Pods run under.
///
/// @param types the types that may be set
record SeLinux(Set<String> types) implements Check {

  static final SeLinux OLD =
      new SeLinux(Set.of("", "container_t", "container_init_t", "container_kvm_t"));

  static final SeLinux SINCE_31 =
      new SeLinux(
          Set.of("", "container_t", "container_init_t", "container_kvm_t", "container_engine_t"));

  private static final String FIELD = "seLinuxOptions";

  @Override
  public @Nullable Finding find(PodParts pod) {
    Set<String> badTypes = new TreeSet<>();
    Set<String> set = new TreeSet<>();
    boolean ofPod = isForbidden(pod.context().struct(FIELD), badTypes, set);
    List<String> containers =
        pod.containersThat(
            container -> isForbidden(PodParts.context(container).struct(FIELD), badTypes, set));
    if (!ofPod && containers.isEmpty()) {
      return null;
    }
    List<String> bad = new ArrayList<>();
    if (!badTypes.isEmpty()) {
      bad.add(PodParts.plural("type", badTypes) + " " + PodParts.quoted(badTypes));
    }
    for (String field : List.of("user", "role")) {
      if (set.contains(field)) {
        bad.add(field + " may not be set");
      }
    }
    return new Finding(
        FIELD,
        PodParts.setters(ofPod, containers)
            + " set forbidden securityContext.seLinuxOptions: "
            + String.join("; ", bad));
  }

  private boolean isForbidden(Struct options, Set<String> badTypes, Set<String> set) {
    boolean forbidden = false;
    String type = options.string("type");
    if (!types.contains(type)) {
      badTypes.add(type);
      forbidden = true;
    }
    for (String field : List.of("user", "role")) {
      if (!options.string(field).isEmpty()) {
        set.add(field);
        forbidden = true;
      }
    }
    return forbidden;
  }
}
