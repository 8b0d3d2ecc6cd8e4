package dev.tiphys.apiserver.admission;

import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/// Claims and Ingresses that name no class get the cluster's default one: upstream's plugins
/// DefaultStorageClass and DefaultIngressClass.
final class DefaultClasses implements Admission {

  private final Lookup lookup;

  DefaultClasses(Lookup lookup) {
    this.lookup = lookup;
  }

  @Override
  public Struct mutate(Request request, Struct object, @Nullable Struct old) {
    if (request.operation() != Operation.CREATE) {
      return object;
    }
    if (request.isOn("", "persistentvolumeclaims")) {
      return withClass(
          object,
          "storageClassName",
          "volume.beta.kubernetes.io/storage-class",
          newest(
              "storage.k8s.io", "storageclasses", "storageclass.kubernetes.io/is-default-class"));
    }
    if (request.isOn("networking.k8s.io", "ingresses")) {
      return withClass(
          object,
          "ingressClassName",
          "kubernetes.io/ingress.class",
          newest(
              "networking.k8s.io",
              "ingressclasses",
              "ingressclass.kubernetes.io/is-default-class"));
    }
    return object;
  }

  private static Struct withClass(
      Struct object, String field, String annotation, @Nullable Struct type) {
    boolean named = object.has("spec", field) || Meta.of(object).annotations().has(annotation);
    return named || type == null ? object : object.withAt(Meta.of(type).name(), "spec", field);
  }

  private @Nullable Struct newest(String group, String plural, String mark) {
    return lookup.list(group, plural, "").stream()
        .filter(type -> Meta.of(type).annotation(mark).equals("true"))
        .max(
            Comparator.comparing((Struct type) -> type.string("metadata", "creationTimestamp"))
                .thenComparing(type -> Meta.of(type).name(), Comparator.reverseOrder()))
        .orElse(null);
  }
}
