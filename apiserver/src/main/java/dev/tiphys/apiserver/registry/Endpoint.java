package dev.tiphys.apiserver.registry;

import dev.tiphys.object.Struct;
import dev.tiphys.object.encoding.FieldOrder;
import dev.tiphys.schema.Resource;

/// A resource as it is served in one version.
///
/// @param served the resource in that version
/// @param registry where its objects are, in the version that is stored
/// @param conversion between the two
/// @param sameForm whether objects of the two versions differ in nothing but their apiVersion
public record Endpoint(
    Resource served, Registry registry, Conversion conversion, boolean sameForm) {

  /// A stored state in the served version.
  public Struct present(Stored state) {
    return conversion.toServed(state.object());
  }

  /// The JSON of a stored state in the served version, without apiVersion and kind.
  public byte[] json(Stored state) {
    FieldOrder order = served.type().order();
    return sameForm ? state.json(order) : Stored.untyped(present(state), order);
  }
}
