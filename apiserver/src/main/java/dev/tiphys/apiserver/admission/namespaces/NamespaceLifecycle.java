package dev.tiphys.apiserver.admission.namespaces;

import dev.tiphys.apiserver.admission.Admission;
import dev.tiphys.apiserver.admission.Lookup;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.object.api.Reason;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Nothing is made in a namespace that does not exist or is being deleted, and the system's own
/// namespaces are never deleted.
public final class NamespaceLifecycle implements Admission {

  private static final Set<String> IMMORTAL = Set.of("default", "kube-system", "kube-public");

  private final Lookup lookup;

  public NamespaceLifecycle(Lookup lookup) {
    this.lookup = lookup;
  }

  @Override
  public Struct mutate(Request request, Struct object, @Nullable Struct old) {
    boolean creates =
        request.operation() == Operation.CREATE
            && request.resource().namespaced()
            && request.subresource().isEmpty();
    if (creates) {
      check(request);
    }
    return object;
  }

  private void check(Request request) {
    Struct namespace = lookup.find("", "namespaces", "", request.namespace());
    if (namespace == null) {
      throw ApiException.notFound("namespaces", request.namespace());
    }
    if (namespace.string("status", "phase").equals("Terminating")) {
      throw terminating(request);
    }
  }

  private static ApiException terminating(Request request) {
    String namespace = request.namespace();
    String groupResource = request.resource().groupResource();
    String reason = "namespace " + namespace + " is being terminated";
    String text =
        "unable to create new content in namespace "
            + namespace
            + " because it is being terminated";
    Struct cause =
        Struct.of(
            "reason", "NamespaceTerminating", "message", reason, "field", "metadata.namespace");
    Struct details =
        StructBuilder.from(ApiException.details(groupResource, request.name()))
            .add("causes", List.of(cause))
            .build();
    String subject =
        request.name().isEmpty() ? groupResource : groupResource + " \"" + request.name() + "\"";
    return ApiException.of(Reason.FORBIDDEN, subject + " is forbidden: " + text, details);
  }

  @Override
  public void validate(Request request, Struct object, @Nullable Struct old) {
    if (request.operation() == Operation.DELETE
        && request.isOn("", "namespaces")
        && IMMORTAL.contains(request.name())) {
      throw ApiException.forbidden(
          "namespaces", request.name(), "this namespace may not be deleted");
    }
  }
}
