package dev.tiphys.apiserver.custom;

import dev.tiphys.object.Struct;

/// Turns custom objects of one version into objects of another version of the same definition.
///
/// Threads: any.
@FunctionalInterface
interface VersionConverter {

  /// Versions differ in nothing but their name.
  VersionConverter NONE = (object, apiVersion) -> object.with("apiVersion", apiVersion);

  /// @param object of some version
  /// @param apiVersion another version
  Struct convert(Struct object, String apiVersion);

  /// Whether converting may take long, as another program is asked.
  default boolean mayWait() {
    return false;
  }

  /// As [#convert], for an object that may be of that version already.
  default Struct to(String apiVersion, Struct object) {
    return object.string("apiVersion").equals(apiVersion) ? object : convert(object, apiVersion);
  }
}
