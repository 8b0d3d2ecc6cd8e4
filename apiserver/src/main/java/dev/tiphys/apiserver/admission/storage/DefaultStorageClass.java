package dev.tiphys.apiserver.admission.storage;

import dev.tiphys.apiserver.admission.Admission;
import dev.tiphys.apiserver.admission.DefaultClass;
import dev.tiphys.apiserver.admission.Lookup;
import dev.tiphys.object.Struct;
import org.jspecify.annotations.Nullable;

/// Claims that name no class get the cluster's default one: upstream's plugin DefaultStorageClass.
public final class DefaultStorageClass implements Admission {

  private final DefaultClass usual;

  public DefaultStorageClass(Lookup lookup) {
    this.usual =
        new DefaultClass(
            lookup,
            "storage.k8s.io",
            "storageclasses",
            "storageclass.kubernetes.io/is-default-class");
  }

  @Override
  public Struct mutate(Request request, Struct object, @Nullable Struct old) {
    boolean bound =
        request.operation() == Operation.CREATE && request.isOn("", "persistentvolumeclaims");
    return bound
        ? usual.given(object, "storageClassName", "volume.beta.kubernetes.io/storage-class")
        : object;
  }
}
