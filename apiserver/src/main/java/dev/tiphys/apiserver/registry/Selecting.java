package dev.tiphys.apiserver.registry;

import dev.tiphys.object.Struct;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.object.selector.FieldSelector;
import dev.tiphys.object.selector.LabelSelector;
import dev.tiphys.schema.Resource;

/// Which objects of a resource a selector means.
///
/// @param resource the resource
/// @param strategy what is special to its kind
public record Selecting(Resource resource, Strategy strategy) {

  public boolean matches(Struct object, LabelSelector labels, FieldSelector fields) {
    return labels.matches(object.struct("metadata", "labels"))
        && (fields.matchesEverything() || fields.matches(field -> value(object, field)));
  }

  /// Refuses a selector that names a field objects can't be selected by.
  ///
  /// @param served the resource in the version the selector was written for
  public static void check(FieldSelector fields, Resource served) {
    for (FieldSelector.Term term : fields.terms()) {
      String field = term.field();
      boolean known =
          field.equals("metadata.name")
              || (field.equals("metadata.namespace") && served.namespaced())
              || served.selectable().contains(field);
      if (!known) {
        throw ApiException.badRequest(
            (served.group().isEmpty() && isLegacy(served))
                ? "field label not supported: " + field
                : "\""
                    + field
                    + "\" is not a known field selector: only \"metadata.name\","
                    + " \"metadata.namespace\"");
      }
    }
  }

  /// Whether upstream gave the kind a conversion of field labels of its own.
  private static boolean isLegacy(Resource served) {
    return !served.selectable().isEmpty();
  }

  String value(Struct object, String field) {
    String special = strategy.selectable(object, field);
    return special == null ? resource.schema().selectable(object, field) : special;
  }
}
