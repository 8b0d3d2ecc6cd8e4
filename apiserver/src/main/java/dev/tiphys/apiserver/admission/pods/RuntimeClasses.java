package dev.tiphys.apiserver.admission.pods;

import dev.tiphys.apiserver.admission.Admission;
import dev.tiphys.apiserver.admission.Lookup;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.schema.quota.Amounts;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A Pod has the overhead of its runtime class, and runs on nodes that have it: upstream's plugin
/// RuntimeClass.
public final class RuntimeClasses implements Admission {

  private static final String MISMATCH =
      "pod rejected: Pod's Overhead doesn't match RuntimeClass's defined Overhead";

  private final Lookup lookup;

  public RuntimeClasses(Lookup lookup) {
    this.lookup = lookup;
  }

  /// The class of a new Pod; empty if it names none.
  private Struct typeOf(Request request, Struct pod) {
    String name = pod.string("spec", "runtimeClassName");
    if (!pod.has("spec", "runtimeClassName")) {
      return Struct.EMPTY;
    }
    Struct found = lookup.find("node.k8s.io", "runtimeclasses", "", name);
    if (found == null) {
      throw request.forbidden(pod, "pod rejected: RuntimeClass \"" + name + "\" not found");
    }
    return found;
  }

  private static boolean isBound(Request request) {
    return request.operation() == Operation.CREATE && request.isOn("", "pods");
  }

  @Override
  public Struct mutate(Request request, Struct pod, @Nullable Struct old) {
    if (!isBound(request)) {
      return pod;
    }
    Struct type = typeOf(request, pod);
    Struct next = pod;
    if (type.has("overhead")) {
      Struct overhead = type.struct("overhead", "podFixed");
      if (pod.has("spec", "overhead") && !isSame(pod, overhead)) {
        throw request.forbidden(pod, MISMATCH);
      }
      next = overhead.isEmpty() ? next : next.withAt(overhead, "spec", "overhead");
    }
    return type.has("scheduling") ? scheduled(request, next, type.struct("scheduling")) : next;
  }

  private static Struct scheduled(Request request, Struct pod, Struct scheduling) {
    Struct present = pod.struct("spec", "nodeSelector");
    StructBuilder selector = StructBuilder.from(present);
    scheduling
        .struct("nodeSelector")
        .forEach(
            (key, value) -> {
              Object own = present.get(key);
              if (own != null && !own.equals(value)) {
                throw request.forbidden(
                    pod,
                    "conflict: runtimeClass.scheduling.nodeSelector[%s] = %s; pod.spec.nodeSelector[%s] = %s"
                        .formatted(key, value, key, own));
              }
              selector.add(key, value);
            });
    Struct all = selector.build();
    Struct next = all.isEmpty() ? pod : pod.withAt(all, "spec", "nodeSelector");
    List<Struct> tolerations =
        PodTolerations.merged(
            pod.structs("spec", "tolerations"), scheduling.structs("tolerations"));
    return tolerations.isEmpty() ? next : next.withAt(tolerations, "spec", "tolerations");
  }

  @Override
  public void validate(Request request, Struct pod, @Nullable Struct old) {
    if (!isBound(request)) {
      return;
    }
    Struct type = typeOf(request, pod);
    if (type.has("overhead")) {
      if (!isSame(pod, type.struct("overhead", "podFixed"))) {
        throw request.forbidden(pod, MISMATCH);
      }
    } else if (pod.has("spec", "overhead")) {
      throw request.forbidden(
          pod,
          "pod rejected: Pod Overhead set without corresponding RuntimeClass defined Overhead");
    }
  }

  private static boolean isSame(Struct pod, Struct overhead) {
    return Amounts.of(pod.struct("spec", "overhead")).equals(Amounts.of(overhead));
  }
}
