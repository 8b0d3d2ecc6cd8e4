package dev.tiphys.schema.validation.extension;

import dev.tiphys.object.Struct;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// Specifications of custom resources in the form that upstream looks at, and tells errors of: what
/// is the same in all versions is said once, and the fields of conversion are named otherwise.
final class DefinitionForm {

  /// Fields of versions, and what they are called outside of them.
  private static final Map<String, String> SHARED =
      Map.of(
          "schema", "validation",
          "subresources", "subresources",
          "additionalPrinterColumns", "additionalPrinterColumns",
          "selectableFields", "selectableFields");

  private DefinitionForm() {}

  static Struct of(Struct spec) {
    Struct shared = spec;
    for (Map.Entry<String, String> field : SHARED.entrySet()) {
      shared = withShared(shared, field.getKey(), field.getValue());
    }
    return withConversion(shared);
  }

  private static Struct withShared(Struct spec, String field, String outside) {
    List<Struct> versions = spec.structs("versions");
    if (versions.isEmpty()) {
      return spec;
    }
    Object first = versions.getFirst().get(field);
    if (first == null || !versions.stream().allMatch(v -> Objects.equals(v.get(field), first))) {
      return spec;
    }
    List<Struct> rest = versions.stream().map(version -> version.without(field)).toList();
    return spec.with("versions", rest).with(outside, first);
  }

  private static Struct withConversion(Struct spec) {
    Struct webhook = spec.struct("conversion", "webhook");
    if (!spec.has("conversion", "webhook")) {
      return spec;
    }
    Struct conversion = spec.struct("conversion").without("webhook");
    conversion = renamed(conversion, webhook, "clientConfig", "webhookClientConfig");
    conversion =
        renamed(conversion, webhook, "conversionReviewVersions", "conversionReviewVersions");
    return spec.with("conversion", conversion);
  }

  private static Struct renamed(Struct to, Struct from, String name, String otherName) {
    Object value = from.get(name);
    return value == null ? to : to.with(otherName, value);
  }
}
