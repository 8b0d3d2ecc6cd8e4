package dev.tiphys.apiserver.catalog;

import dev.tiphys.apiserver.conversion.Conversion;
import dev.tiphys.apiserver.registry.Change;
import dev.tiphys.apiserver.registry.Registry;
import dev.tiphys.apiserver.registry.Updated;
import dev.tiphys.apiserver.registry.WriteRules;
import dev.tiphys.apiserver.request.Call;
import dev.tiphys.apiserver.storage.Stored;
import dev.tiphys.object.Struct;
import dev.tiphys.object.encoding.FieldOrder;
import dev.tiphys.schema.Resource;
import org.jspecify.annotations.Nullable;

/// A resource as it is served in one version.
///
/// @param served the resource in that version
/// @param registry where its objects are, in the version that is stored
/// @param conversion between the two
/// @param sameForm whether objects of the two versions differ in nothing but their apiVersion
/// @param untouched where its objects are for what is done by metadata alone: as they were stored
public record Endpoint(
    Resource served,
    Registry registry,
    Conversion conversion,
    boolean sameForm,
    Registry untouched) {

  /// The resource for what is done by metadata alone: none of its objects has to be converted.
  public Endpoint ofMetadata() {
    return untouched == registry
        ? this
        : new Endpoint(served, untouched, Conversion.NONE, true, untouched);
  }

  /// A stored state in the served version.
  public Struct present(Stored state) {
    return conversion.toServed(state.object());
  }

  /// Creates an object, given in the stored version.
  public Stored create(Call call, String namespace, Struct object) {
    return registry.create(call, namespace, object, rules());
  }

  /// Changes an object, given in the stored version.
  public Updated update(Call call, String namespace, String name, Change change) {
    return registry.update(call, namespace, name, change, rules());
  }

  /// Upstream holds Events to rules of the version they come in, and all other kinds to those of
  /// the version that is stored.
  private WriteRules rules() {
    return served.group().equals("events.k8s.io")
        ? new WriteRules(served, conversion::toServed)
        : WriteRules.of(registry.resource());
  }

  /// The JSON of a stored state in the served version, without apiVersion and kind.
  public byte[] json(Stored state) {
    @Nullable FieldOrder order = served.schema().order();
    return sameForm ? state.json(order) : Stored.untyped(present(state), order);
  }

  /// As [#json], for one reader among few: it is not kept.
  public byte[] jsonOnce(Stored state) {
    @Nullable FieldOrder order = served.schema().order();
    return sameForm ? state.jsonOnce(order) : Stored.untyped(present(state), order);
  }
}
