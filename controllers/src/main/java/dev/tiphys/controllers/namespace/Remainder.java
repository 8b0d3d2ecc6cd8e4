package dev.tiphys.controllers.namespace;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// What is left in a namespace after its content was deleted, and what went wrong.
///
/// @param resources how many objects of each resource are left, by `plural.group`
/// @param finalizers how many objects each finalizer holds
/// @param errors what could not be deleted
/// @param discoveryError why the resources are not known; empty if they are
/// @param seconds how long what is left may still take; 0 if that cannot be known
record Remainder(
    Map<String, Integer> resources,
    Map<String, Integer> finalizers,
    List<String> errors,
    String discoveryError,
    long seconds) {

  Remainder {
    resources = new TreeMap<>(resources);
    finalizers = new TreeMap<>(finalizers);
    errors = List.copyOf(errors);
  }

  boolean isNothing() {
    return resources.isEmpty() && errors.isEmpty() && discoveryError.isEmpty();
  }
}
