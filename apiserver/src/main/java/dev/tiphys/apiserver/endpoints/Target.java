package dev.tiphys.apiserver.endpoints;

import dev.tiphys.apiserver.admission.Admission;
import dev.tiphys.apiserver.catalog.Endpoint;
import dev.tiphys.apiserver.fieldmanagement.FieldManagement;
import dev.tiphys.apiserver.request.Call;

/// What a request is about.
///
/// @param endpoint the resource, in the version asked for
/// @param subresource what of the object; empty for itself
/// @param namespace empty for resources of the whole cluster, or for all namespaces
/// @param name empty for the collection
public record Target(Endpoint endpoint, String subresource, String namespace, String name) {

  public static Target collection(Endpoint endpoint, String namespace) {
    return new Target(endpoint, "", namespace, "");
  }

  /// The same for what is done by metadata alone.
  public Target ofMetadata() {
    return new Target(endpoint.ofMetadata(), subresource, namespace, name);
  }

  public Target named(String name) {
    return new Target(endpoint, subresource, namespace, name);
  }

  /// What admission is told of a request for this.
  public Admission.Request admission(Call call, Admission.Operation operation) {
    return new Admission.Request(
        call.asking(endpoint.served()),
        operation,
        endpoint.registry().resource(),
        subresource,
        namespace,
        name);
  }

  /// The way in which it is written, for the record of who owns what.
  FieldManagement.Way way() {
    return new FieldManagement.Way(endpoint, subresource);
  }
}
