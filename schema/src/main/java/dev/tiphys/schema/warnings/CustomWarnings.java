package dev.tiphys.schema.warnings;

import dev.tiphys.object.Struct;
import dev.tiphys.schema.structural.StructuralSchema;
import dev.tiphys.schema.validation.FieldError;
import dev.tiphys.schema.validation.Formats;
import java.util.List;
import java.util.Set;

/// Warnings about objects of custom kinds.
final class CustomWarnings {

  private static final Set<String> STANDARD = Set.of("kubernetes", "orphan", "foregroundDeletion");
  private static final String CONFLICTS =
      " to avoid accidental conflicts with other finalizer writers";

  private CustomWarnings() {}

  static void created(Subject now) {
    finalizers(now, List.of());
  }

  /// Rules that are broken and let pass are told.
  static void changed(Subject now, Struct before, StructuralSchema schema) {
    finalizers(now, before.strings("metadata", "finalizers"));
    for (FieldError error : schema.forgiven(now.object(), before).list()) {
      now.say(error.toString());
    }
  }

  private static void finalizers(Subject now, List<String> before) {
    now.object().strings("metadata", "finalizers").stream()
        .filter(finalizer -> !before.contains(finalizer))
        .distinct()
        .sorted()
        .forEach(finalizer -> finalizer(now, finalizer));
  }

  private static void finalizer(Subject now, String name) {
    String text = Subject.quoted(name) + ": ";
    for (String problem : Formats.labelKey(name)) {
      now.warn("metadata.finalizers", text + problem);
    }
    if (name.indexOf('/') < 0 && !STANDARD.contains(name)) {
      String path = name.indexOf('.') < 0 ? "" : " including a path (/)";
      now.warn(
          "metadata.finalizers",
          text + "prefer a domain-qualified finalizer name" + path + CONFLICTS);
    }
  }
}
