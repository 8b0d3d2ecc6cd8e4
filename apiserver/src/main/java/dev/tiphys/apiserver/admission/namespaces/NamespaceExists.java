package dev.tiphys.apiserver.admission.namespaces;

import dev.tiphys.apiserver.admission.Admission;
import dev.tiphys.apiserver.admission.Lookup;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.ApiException;
import org.jspecify.annotations.Nullable;

/// Nothing is written in a namespace that does not exist: upstream's plugin of the same name, which
/// NamespaceLifecycle has made needless.
public final class NamespaceExists implements Admission {

  private final Lookup lookup;

  public NamespaceExists(Lookup lookup) {
    this.lookup = lookup;
  }

  @Override
  public void validate(Request request, Struct object, @Nullable Struct old) {
    String namespace = request.namespace();
    boolean bound =
        request.operation() != Operation.CONNECT
            && request.resource().namespaced()
            && !namespace.isEmpty();
    if (bound && lookup.find("", "namespaces", "", namespace) == null) {
      throw ApiException.notFound("namespaces", namespace);
    }
  }
}
