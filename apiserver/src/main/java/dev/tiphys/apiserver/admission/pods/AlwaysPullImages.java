package dev.tiphys.apiserver.admission.pods;

import dev.tiphys.apiserver.admission.Admission;
import dev.tiphys.object.Struct;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Images are always pulled, so that only Pods with the right credentials run them: upstream's
/// plugin of the same name.
public final class AlwaysPullImages implements Admission {

  private static final List<String> FIELDS =
      List.of("initContainers", "containers", "ephemeralContainers");

  private static boolean isBound(Request request, Struct pod, @Nullable Struct old) {
    boolean writes =
        request.operation() == Operation.CREATE || request.operation() == Operation.UPDATE;
    return writes
        && request.isOn("", "pods")
        && (old == null || !images(old).containsAll(images(pod)));
  }

  private static Set<String> images(Struct pod) {
    Set<String> images = new HashSet<>();
    for (String field : FIELDS) {
      pod.structs("spec", field).forEach(container -> images.add(container.string("image")));
    }
    return images;
  }

  @Override
  public Struct mutate(Request request, Struct pod, @Nullable Struct old) {
    Struct next = pod;
    for (String field : isBound(request, pod, old) ? FIELDS : List.<String>of()) {
      List<Struct> containers = pod.structs("spec", field);
      if (!containers.isEmpty()) {
        next =
            next.withAt(
                containers.stream()
                    .map(container -> container.with("imagePullPolicy", "Always"))
                    .toList(),
                "spec",
                field);
      }
    }
    return next;
  }

  @Override
  public void validate(Request request, Struct pod, @Nullable Struct old) {
    for (String field : isBound(request, pod, old) ? FIELDS : List.<String>of()) {
      List<Struct> containers = pod.structs("spec", field);
      for (int i = 0; i < containers.size(); i++) {
        String policy = containers.get(i).string("imagePullPolicy");
        if (!policy.equals("Always")) {
          throw request.forbidden(
              pod,
              "spec.%s[%d].imagePullPolicy: Unsupported value: \"%s\": supported values: \"Always\""
                  .formatted(field, i, policy));
        }
      }
    }
  }
}
