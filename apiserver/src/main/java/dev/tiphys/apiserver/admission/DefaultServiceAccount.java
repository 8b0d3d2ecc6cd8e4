package dev.tiphys.apiserver.admission;

import dev.tiphys.object.Struct;
import org.jspecify.annotations.Nullable;

/// A Pod that names no service account runs as the one that every namespace has: a part of
/// upstream's plugin ServiceAccount. Mirror Pods, which nodes make of their own files, run as none.
/// An update that leaves the name out keeps it, so that the manifest that made a Pod can replace
/// it.
final class DefaultServiceAccount implements Admission {

  private static final String MIRROR = "kubernetes.io/config.mirror";
  private static final String DEFAULT = "default";

  @Override
  public Struct mutate(Request request, Struct pod, @Nullable Struct old) {
    boolean named =
        !request.isOn("", "pods")
            || pod.has("metadata", "annotations", MIRROR)
            || !pod.string("spec", "serviceAccountName").isEmpty();
    if (named) {
      return pod;
    }
    String name = old == null ? DEFAULT : old.string("spec", "serviceAccountName");
    return name.isEmpty()
        ? pod
        : pod.withAt(name, "spec", "serviceAccountName").withAt(name, "spec", "serviceAccount");
  }
}
