package dev.tiphys.apiserver.admission.namespaces;

import dev.tiphys.apiserver.admission.Admission;
import dev.tiphys.apiserver.admission.Lookup;
import dev.tiphys.apiserver.registry.Registry;
import dev.tiphys.apiserver.request.Call;
import dev.tiphys.apiserver.request.UserInfo;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.object.api.Reason;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// A namespace is made with the first object that is put into it: upstream's plugin of the same
/// name.
public final class NamespaceAutoProvision implements Admission {

  private final Lookup lookup;
  private final Supplier<Registry> namespaces;

  /// @param namespaces where namespaces are made
  public NamespaceAutoProvision(Lookup lookup, Supplier<Registry> namespaces) {
    this.lookup = lookup;
    this.namespaces = namespaces;
  }

  @Override
  public Struct mutate(Request request, Struct object, @Nullable Struct old) {
    String name = request.namespace();
    boolean bound =
        request.operation() == Operation.CREATE
            && !request.call().dryRun()
            && request.resource().namespaced()
            && !name.isEmpty();
    if (bound && lookup.find("", "namespaces", "", name) == null) {
      make(name);
    }
    return object;
  }

  private void make(String name) {
    Struct namespace =
        new StructBuilder()
            .add("apiVersion", "v1")
            .add("kind", "Namespace")
            .add("metadata", Struct.of("name", name))
            .build();
    Call own =
        new Call(
            UserInfo.of("system:apiserver", UserInfo.MASTERS, UserInfo.AUTHENTICATED),
            "kube-apiserver",
            0,
            false);
    try {
      namespaces.get().create(own, "", namespace);
    } catch (ApiException e) {
      if (!e.is(Reason.ALREADY_EXISTS)) {
        throw e;
      }
    }
  }
}
