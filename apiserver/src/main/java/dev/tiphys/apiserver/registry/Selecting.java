package dev.tiphys.apiserver.registry;

import dev.tiphys.object.Struct;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.object.selector.FieldSelector;
import dev.tiphys.object.selector.LabelSelector;
import dev.tiphys.schema.Resource;
import dev.tiphys.schema.Type;

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
        throw ApiException.badRequest(unknown(field, served));
      }
    }
  }

  /// What upstream says of a field: kinds by whose fields objects can be selected have words of
  /// their own.
  private static String unknown(String field, Resource served) {
    if (served.schema() instanceof Type && served.selectable().isEmpty()) {
      return "\"%s\" is not a known field selector: only \"metadata.name\", \"metadata.namespace\""
          .formatted(field);
    }
    return served.group().equals("batch")
        ? "field label \"%s\" not supported for %s".formatted(field, served.kind())
        : "field label not supported: " + field;
  }

  String value(Struct object, String field) {
    String special = strategy.selectable(object, field);
    return special == null ? resource.schema().selectable(object, field) : special;
  }
}
