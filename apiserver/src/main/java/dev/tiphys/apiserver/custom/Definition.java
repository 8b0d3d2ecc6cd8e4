package dev.tiphys.apiserver.custom;

import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import java.util.List;

/// A CustomResourceDefinition.
///
/// @param object as it is stored
record Definition(Struct object) {

  /// What keeps a definition until its objects are gone.
  static final String FINALIZER = "customresourcecleanup.apiextensions.k8s.io";

  String name() {
    return object.string("metadata", "name");
  }

  String uid() {
    return object.string("metadata", "uid");
  }

  String group() {
    return object.string("spec", "group");
  }

  boolean isNamespaced() {
    return object.string("spec", "scope").equals("Namespaced");
  }

  /// The names it asks for.
  Struct names() {
    return object.struct("spec", "names");
  }

  /// The names it has got.
  Struct acceptedNames() {
    return object.struct("status", "acceptedNames");
  }

  List<Struct> versions() {
    return object.structs("spec", "versions");
  }

  /// The name of the version that new objects are stored in.
  String storedVersion() {
    return versions().stream()
        .filter(version -> version.bool("storage"))
        .map(version -> version.string("name"))
        .findFirst()
        .orElse("");
  }

  /// Whether its condition of a type is true.
  boolean is(String condition) {
    return Meta.isTrue(object, condition);
  }

  boolean isBeingRemoved() {
    return object.has("metadata", "deletionTimestamp")
        && object.struct("metadata").strings("finalizers").contains(FINALIZER);
  }

  /// Whether its objects are converted as those of another state of it are.
  boolean convertsAs(Definition other) {
    return uid().equals(other.uid())
        && object.struct("spec", "conversion").equals(other.object.struct("spec", "conversion"));
  }

  /// Whether anything that its resources follow from differs from another state of it.
  boolean servesAs(Definition other) {
    return uid().equals(other.uid())
        && object.struct("spec").equals(other.object.struct("spec"))
        && acceptedNames().equals(other.acceptedNames())
        && is("Established") == other.is("Established")
        && is("Terminating") == other.is("Terminating");
  }
}
