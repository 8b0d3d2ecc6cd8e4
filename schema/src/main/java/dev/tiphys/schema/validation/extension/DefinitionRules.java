package dev.tiphys.schema.validation.extension;

import dev.tiphys.object.Struct;
import dev.tiphys.schema.validation.FieldValue;
import dev.tiphys.schema.validation.Formats;
import dev.tiphys.schema.validation.GoText;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;

/// Rules for CustomResourceDefinitions.
public final class DefinitionRules {

  private static final String APPROVAL = "api-approved.kubernetes.io";
  private static final String PROPOSAL =
      ", see https://github.com/kubernetes/enhancements/pull/1111";
  private static final String VERSION =
      "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceDefinitionVersion";
  private static final int LONGEST_WARNING = 256;

  private DefinitionRules() {}

  public static void create(FieldValue definition) {
    Struct spec = definition.struct().struct("spec");
    String required = spec.string("names", "plural") + "." + spec.string("group");
    for (String field : List.of("generateName", "name")) {
      FieldValue name = definition.at("metadata", field);
      if (!name.isEmpty() && !name.is(required)) {
        name.invalid("must be spec.names.plural+\".\"+spec.group");
      }
    }
    specAndStatus(definition, SchemaRatchet.NONE, true);
    if (isProtected(spec.string("group"))) {
      approval(definition);
    }
    preserved(definition);
  }

  private static void specAndStatus(
      FieldValue definition, SchemaRatchet ratchet, boolean knownReviews) {
    FieldValue spec = definition.at("spec");
    spec(spec.holding(DefinitionForm.of(spec.struct())), ratchet, knownReviews);
    names(definition.at("status", "acceptedNames"));
    storedVersions(definition);
  }

  public static void update(FieldValue now, Struct before) {
    Struct old = DefinitionForm.of(before.struct("spec"));
    List<?> reviews = old.list("conversion", "conversionReviewVersions");
    boolean knownReviews =
        reviews.isEmpty() || reviews.stream().anyMatch(Set.of("v1", "v1beta1")::contains);
    specAndStatus(
        now, SchemaRatchet.of(DefinitionForm.of(now.struct().struct("spec")), old), knownReviews);
    FieldValue spec = now.at("spec");
    if (DefinitionConversionRules.isEstablished(before)) {
      DefinitionConversionRules.certificates(
          spec.holding(DefinitionForm.of(spec.struct())).at("conversion"), old);
      spec.at("scope").mustEqual(old.get("scope"));
      spec.at("names", "kind").mustEqual(old.get("names", "kind"));
    }
    spec.at("group").mustEqual(old.get("group"));
    spec.at("names", "plural").mustEqual(old.get("names", "plural"));
    if (isProtected(spec.at("group").string())
        && !approvalOf(now.struct()).equals(approvalOf(before))) {
      approval(now);
    }
    if (!old.bool("preserveUnknownFields")) {
      preserved(now);
    }
  }

  public static void status(FieldValue now, Struct before) {
    names(now.at("status", "acceptedNames"));
  }

  private static void spec(FieldValue spec, SchemaRatchet ratchet, boolean knownReviews) {
    FieldValue group = spec.at("group");
    if (group.mustBeSetAnd(Formats.joined(Formats::dnsSubdomain))
        && group.string().indexOf('.') < 0) {
      group.invalid("should be a domain with at least one dot");
    }
    spec.at("scope").mustBeSetToOneOf(List.of("Cluster", "Namespaced"));
    schemasAreThere(spec, ratchet);
    if (spec.at("preserveUnknownFields").bool() && SchemaRatchet.hasDefaults(spec.struct())) {
      spec.at("preserveUnknownFields")
          .invalid("must be false in order to use defaults in the schema");
    }
    SchemaRatchet strict = ratchet.forSpec(spec.struct());
    for (FieldValue version : spec.at("versions").items()) {
      version.at("name").mustBe(Formats.joined(Formats::dns1035Label));
      version(version, spec, strict);
    }
    versions(spec.at("versions"));
    List<Struct> versions = spec.at("versions").structs();
    String first = versions.isEmpty() ? "" : versions.getFirst().string("name");
    spec.at("version").holding(first).mayBe(Formats.joined(Formats::dns1035Label));
    for (String field : List.of("plural", "singular", "kind", "listKind")) {
      spec.at("names", field).mustBeSet();
    }
    names(spec.at("names"));
    boolean anyStatus =
        spec.struct().has("subresources", "status")
            || spec.at("versions").structs().stream()
                .anyMatch(version -> version.has("subresources", "status"));
    FieldValue shared = spec.at("validation", "openAPIV3Schema");
    DefinitionSchemaRules.schema(shared, anyStatus, strict, first);
    DefinitionViewRules.views(spec, spec.struct().struct("validation", "openAPIV3Schema"));
    boolean preserves = spec.at("preserveUnknownFields").bool();
    FieldValue strategy = spec.at("conversion", "strategy");
    if (preserves && spec.at("conversion").isSet() && !strategy.is("None")) {
      strategy.invalid("must be None if spec.preserveUnknownFields is true");
    }
    DefinitionConversionRules.conversion(spec.at("conversion"), knownReviews);
  }

  private static void schemasAreThere(FieldValue spec, SchemaRatchet ratchet) {
    boolean preserves = spec.at("preserveUnknownFields").bool();
    if (spec.struct().has("validation", "openAPIV3Schema")) {
      return;
    }
    for (FieldValue version : spec.at("versions").items()) {
      FieldValue schema = version.at("schema", "openAPIV3Schema");
      if (schema.isSet()) {
        continue;
      }
      if (ratchet.needsSchema()) {
        schema.required("schemas are required");
      } else if (!preserves && version.at("served").bool()) {
        schema.required("because otherwise all fields are pruned");
      }
    }
  }

  private static void version(FieldValue version, FieldValue spec, SchemaRatchet ratchet) {
    deprecation(version);
    boolean hasOwn =
        spec.at("versions").structs().stream().anyMatch(other -> other.has("subresources"));
    Struct subresources =
        hasOwn ? version.at("subresources").struct() : spec.at("subresources").struct();
    FieldValue schema = version.at("schema", "openAPIV3Schema");
    DefinitionSchemaRules.schema(
        schema, subresources.has("status"), ratchet, version.at("name").string());
    DefinitionViewRules.views(version, schema.struct());
  }

  private static void deprecation(FieldValue version) {
    FieldValue warning = version.at("deprecationWarning");
    if (!warning.isSet()) {
      return;
    }
    if (!version.at("deprecated").bool()) {
      warning.invalid("can only be set for deprecated versions");
      return;
    }
    String text = warning.string();
    if (Formats.byteLength(text) > LONGEST_WARNING) {
      warning.invalid("must be <= 256 characters long");
    }
    if (text.isEmpty()) {
      warning.invalid("must not be an empty string");
    }
    for (int i = 0; i < text.length(); i += Character.charCount(text.codePointAt(i))) {
      if (!GoText.isPrintable(text.codePointAt(i))) {
        warning.invalid(
            "must only contain printable UTF-8 characters; non-printable character found at index "
                + Formats.byteLength(text.substring(0, i)));
        break;
      }
    }
  }

  private static void versions(FieldValue versions) {
    List<Struct> all = versions.structs();
    Set<String> names = new HashSet<>();
    boolean unique = all.stream().allMatch(version -> names.add(version.string("name")));
    if (!unique) {
      versions.invalidText(GoText.structs(all, VERSION), "must contain unique version names");
    }
    if (all.stream().filter(version -> version.bool("storage")).count() != 1) {
      versions.invalidText(
          GoText.structs(all, VERSION), "must have exactly one version marked as storage version");
    }
  }

  private static void names(FieldValue names) {
    for (String field : List.of("plural", "singular")) {
      names.at(field).mayBe(Formats.joined(Formats::dns1035Label));
    }
    for (String field : List.of("kind", "listKind")) {
      mixedCase(names.at(field));
    }
    for (FieldValue name : names.at("shortNames").items()) {
      name.mustBe(Formats.joined(Formats::dns1035Label));
    }
    FieldValue kind = names.at("kind");
    if (!kind.isEmpty() && names.at("listKind").is(kind.string())) {
      names.at("listKind").invalid("kind and listKind may not be the same");
    }
    for (FieldValue category : names.at("categories").items()) {
      category.mustBe(Formats.joined(Formats::dns1035Label));
    }
  }

  private static void mixedCase(FieldValue name) {
    List<String> problems =
        name.isEmpty() ? List.of() : Formats.dns1035Label(name.string().toLowerCase(Locale.ROOT));
    if (!problems.isEmpty()) {
      name.invalid(
          "may have mixed case, but should otherwise match: " + String.join(",", problems));
    }
  }

  /// What was stored in some version can still be read.
  private static void storedVersions(FieldValue definition) {
    FieldValue stored = definition.at("status", "storedVersions");
    if (stored.isEmpty()) {
      stored.invalid("must have at least one stored version");
      return;
    }
    List<Struct> versions = definition.at("spec", "versions").structs();
    List<Object> unseen = new ArrayList<>(stored.list());
    for (Struct version : versions) {
      String name = version.string("name");
      if (!unseen.remove(name) && version.bool("storage")) {
        stored.invalid("must have the storage version " + name);
      }
    }
    Stream<FieldValue> missing =
        stored.items().stream()
            .filter(
                name -> versions.stream().noneMatch(v -> v.string("name").equals(name.string())));
    missing.forEach(
        name ->
            name.invalid(
                "missing from spec.versions; "
                    + name.string()
                    + " was previously a storage version, and must remain in spec.versions until a"
                    + " storage migration ensures no data remains persisted in "
                    + name.string()
                    + " and removes "
                    + name.string()
                    + " from status.storedVersions"));
  }

  private static boolean isProtected(String group) {
    return List.of("k8s.io", "kubernetes.io").stream()
        .anyMatch(name -> group.equals(name) || group.endsWith("." + name));
  }

  private enum Approval {
    MISSING,
    BYPASSED,
    GIVEN,
    UNSOUND
  }

  private static Approval approvalOf(Struct definition) {
    Object note = definition.get("metadata", "annotations", APPROVAL);
    String text = note instanceof String string ? string : "";
    if (text.isEmpty()) {
      return Approval.MISSING;
    }
    if (text.startsWith("unapproved")) {
      return Approval.BYPASSED;
    }
    return isUrl(text) ? Approval.GIVEN : Approval.UNSOUND;
  }

  private static boolean isUrl(String text) {
    try {
      GoUrl url = GoUrl.of(text);
      return !url.scheme().isEmpty() && !url.host().isEmpty();
    } catch (GoUrl.WrongUrl e) {
      return false;
    }
  }

  /// The community's groups are not free to use.
  private static void approval(FieldValue definition) {
    FieldValue note = definition.at("metadata", "annotations").key(APPROVAL);
    String wanted = "protected groups must have approval annotation \"" + APPROVAL + "\"";
    switch (approvalOf(definition.struct())) {
      case MISSING -> note.required(wanted + PROPOSAL);
      case UNSOUND ->
          note.invalid(
              wanted + " with either a URL or a reason starting with \"unapproved\"" + PROPOSAL);
      case BYPASSED, GIVEN -> {}
    }
  }

  private static void preserved(FieldValue definition) {
    FieldValue preserves = definition.at("spec", "preserveUnknownFields");
    if (preserves.bool()) {
      preserves.invalid(
          "cannot set to true, set x-kubernetes-preserve-unknown-fields to true in"
              + " spec.versions[*].schema instead");
    }
  }
}
