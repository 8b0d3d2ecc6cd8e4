package dev.tiphys.schema.defaults;

import dev.tiphys.object.Struct;
import java.util.List;
import java.util.Locale;

/// Defaults of CustomResourceDefinitions.
final class DefinitionDefaults {

  private DefinitionDefaults() {}

  static Struct definition(Struct definition) {
    Struct completed =
        Edits.in(
            definition,
            "spec",
            spec -> conversion(Edits.in(spec, "names", DefinitionDefaults::names)));
    return Edits.in(
        completed,
        "status",
        status -> storedVersions(status, definition.structs("spec", "versions")));
  }

  private static Struct names(Struct names) {
    String kind = names.string("kind");
    if (kind.isEmpty()) {
      return names;
    }
    Struct completed = names;
    if (names.string("singular").isEmpty()) {
      completed = completed.with("singular", kind.toLowerCase(Locale.ROOT));
    }
    if (names.string("listKind").isEmpty()) {
      completed = completed.with("listKind", kind + "List");
    }
    return completed;
  }

  private static Struct conversion(Struct spec) {
    if (!spec.has("conversion")) {
      return spec.with("conversion", Struct.of("strategy", "None"));
    }
    boolean portless =
        spec.has("conversion", "webhook", "clientConfig", "service")
            && !spec.has("conversion", "webhook", "clientConfig", "service", "port");
    return portless
        ? spec.withAt(443L, "conversion", "webhook", "clientConfig", "service", "port")
        : spec;
  }

  private static Struct storedVersions(Struct status, List<Struct> versions) {
    if (!status.list("storedVersions").isEmpty()) {
      return status;
    }
    for (Struct version : versions) {
      if (version.bool("storage")) {
        return status.with("storedVersions", List.of(version.string("name")));
      }
    }
    return status;
  }
}
