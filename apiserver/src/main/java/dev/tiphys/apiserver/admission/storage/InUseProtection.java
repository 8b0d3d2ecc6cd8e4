package dev.tiphys.apiserver.admission.storage;

import dev.tiphys.apiserver.admission.Admission;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Volumes, claims and classes of volumes are held by a finalizer until nothing uses them any more:
/// upstream's plugin StorageObjectInUseProtection.
public final class InUseProtection implements Admission {

  private static final Map<String, String> FINALIZERS =
      Map.of(
          "persistentvolumes", "kubernetes.io/pv-protection",
          "persistentvolumeclaims", "kubernetes.io/pvc-protection",
          "volumeattributesclasses.storage.k8s.io", "kubernetes.io/vac-protection");

  @Override
  public Struct mutate(Request request, Struct object, @Nullable Struct old) {
    String finalizer = FINALIZERS.get(request.resource().groupResource());
    boolean creates = request.operation() == Operation.CREATE && request.subresource().isEmpty();
    if (finalizer == null || !creates || Meta.of(object).finalizers().contains(finalizer)) {
      return object;
    }
    List<Object> finalizers = new ArrayList<>(Meta.of(object).finalizers());
    finalizers.add(finalizer);
    return object.withAt(List.copyOf(finalizers), "metadata", "finalizers");
  }
}
