package dev.tiphys.apiserver.admission;

import dev.tiphys.object.Struct;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Volumes and claims stay as long as they are used: upstream's plugin StorageObjectInUseProtection
/// gives them the finalizers that see to it.
final class StorageProtection implements Admission {

  @Override
  public Struct mutate(Request request, Struct object, @Nullable Struct old) {
    if (request.operation() != Operation.CREATE) {
      return object;
    }
    if (request.isOn("", "persistentvolumeclaims")) {
      return protect(object, "kubernetes.io/pvc-protection");
    }
    if (request.isOn("", "persistentvolumes")) {
      return protect(object, "kubernetes.io/pv-protection");
    }
    return object;
  }

  private static Struct protect(Struct object, String finalizer) {
    List<String> present = object.struct("metadata").strings("finalizers");
    if (present.contains(finalizer)) {
      return object;
    }
    List<Object> finalizers = new ArrayList<>(present);
    finalizers.add(finalizer);
    return object.withAt(List.copyOf(finalizers), "metadata", "finalizers");
  }
}
