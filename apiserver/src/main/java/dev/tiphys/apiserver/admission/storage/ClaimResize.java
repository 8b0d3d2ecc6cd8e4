package dev.tiphys.apiserver.admission.storage;

import dev.tiphys.apiserver.admission.Admission;
import dev.tiphys.apiserver.admission.Lookup;
import dev.tiphys.object.Quantity;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import org.jspecify.annotations.Nullable;

/// Claims grow only if they have a volume, and if the class that it is from lets it grow:
/// upstream's plugin PersistentVolumeClaimResize.
public final class ClaimResize implements Admission {

  private final Lookup lookup;

  public ClaimResize(Lookup lookup) {
    this.lookup = lookup;
  }

  @Override
  public void validate(Request request, Struct claim, @Nullable Struct old) {
    boolean updates =
        request.operation() == Operation.UPDATE && request.isOn("", "persistentvolumeclaims");
    if (!updates || old == null || size(claim).compareTo(size(old)) <= 0) {
      return;
    }
    if (!old.string("status", "phase").equals("Bound")) {
      throw request.forbidden(claim, "Only bound persistent volume claims can be expanded");
    }
    if (!canGrow(claim, old)) {
      throw request.forbidden(
          claim,
          "only dynamically provisioned pvc can be resized and the storageclass that provisions the"
              + " pvc must support resize");
    }
  }

  private static Quantity size(Struct claim) {
    return Quantity.from(claim.get("spec", "resources", "requests", "storage"));
  }

  private boolean canGrow(Struct claim, Struct old) {
    String type = storageClass(claim);
    if (type.isEmpty() || !type.equals(storageClass(old))) {
      return false;
    }
    Struct found = lookup.find("storage.k8s.io", "storageclasses", "", type);
    return found != null && found.bool("allowVolumeExpansion");
  }

  private static String storageClass(Struct claim) {
    String annotated = Meta.of(claim).annotation("volume.beta.kubernetes.io/storage-class");
    return annotated.isEmpty() ? claim.string("spec", "storageClassName") : annotated;
  }
}
