package dev.tiphys.schema.validation;

import dev.tiphys.object.Struct;
import dev.tiphys.schema.GroupVersion;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/// Rules for `metadata`, the same for all kinds but for the form of names.
public final class MetaRules {

  private static final int LONGEST_MANAGER = 128;
  private static final int LONGEST_SUBRESOURCE = 256;
  private static final int ANNOTATIONS = 256 * 1024;
  private static final String ORPHAN = "orphan";
  private static final String FOREGROUND = "foregroundDeletion";
  private static final Set<String> STANDARD_FINALIZERS = Set.of("kubernetes", ORPHAN, FOREGROUND);

  private MetaRules() {}

  /// The rules for the metadata of any object, new or changed.
  ///
  /// @param names the form of the kind's names
  public static void object(FieldValue metadata, boolean namespaced, NameForm names) {
    FieldValue generateName = metadata.at("generateName");
    if (!generateName.isEmpty()) {
      generateName.mustBe(names.prefix());
    }
    FieldValue name = metadata.at("name");
    if (name.mustBeSet("name or generateName is required")) {
      name.mustBe(names.name());
    }
    FieldValue namespace = metadata.at("namespace");
    if (namespaced) {
      namespace.mustBeSetAnd(Formats::dnsLabel);
    } else if (!namespace.isEmpty()) {
      namespace.forbidden("not allowed on this type");
    }
    metadata.at("generation").mustNotBeNegative();
    common(metadata);
    finalizers(metadata.at("finalizers"));
    managedFields(metadata.at("managedFields"));
  }

  private static void common(FieldValue metadata) {
    SelectorRules.labels(metadata.at("labels"));
    annotations(metadata.at("annotations"));
    ownerReferences(metadata.at("ownerReferences"));
  }

  /// The rules for what of the metadata may change.
  public static void update(FieldValue now, Struct before) {
    if (before.has("deletionTimestamp")) {
      noNewFinalizers(now.at("finalizers"), before);
    }
    if (now.at("resourceVersion").isEmpty()) {
      now.at("resourceVersion").invalid("", "must be specified for an update");
    }
    if (now.at("generation").integer() < before.integer("generation")) {
      now.at("generation").invalid(now.at("generation").integer(), "must not be decremented");
    }
    for (String field :
        List.of(
            "name",
            "namespace",
            "uid",
            "creationTimestamp",
            "deletionTimestamp",
            "deletionGracePeriodSeconds")) {
      now.at(field).mustEqual(before.get(field));
    }
    common(now);
    managedFields(now.at("managedFields"));
  }

  /// The metadata that a template may give to what is made of it.
  public static void template(FieldValue metadata) {
    annotations(metadata.at("annotations"));
    SelectorRules.labels(metadata.at("labels"));
  }

  public static void annotations(FieldValue annotations) {
    long size = 0;
    for (FieldValue annotation : annotations.entries()) {
      String key = annotation.name();
      for (String problem : Formats.labelKey(key.toLowerCase(Locale.ROOT))) {
        annotations.invalid(key, problem);
      }
      size += Formats.byteLength(key) + Formats.byteLength(annotation.string());
    }
    if (size > ANNOTATIONS) {
      annotations.tooLong(ANNOTATIONS);
    }
  }

  private static void ownerReferences(FieldValue references) {
    String controller = "";
    for (Struct owner : references.structs()) {
      owner(references, owner);
      if (owner.bool("controller")) {
        String name = owner.string("kind") + "/" + owner.string("name");
        if (controller.isEmpty()) {
          controller = name;
        } else {
          references.invalid(
              "Only one reference can have Controller set to true. Found \"true\" in references for "
                  + controller
                  + " and "
                  + name);
        }
      }
    }
  }

  /// Upstream's paths leave out which of the owners is meant.
  private static void owner(FieldValue references, Struct owner) {
    FieldValue shown = references.holding(owner);
    String version = GroupVersion.parse(owner.string("apiVersion")).version();
    if (version.isEmpty() || version.indexOf('/') >= 0) {
      shown.at("apiVersion").invalid(owner.string("apiVersion"), "version must not be empty");
    }
    for (String field : List.of("kind", "name", "uid")) {
      if (owner.string(field).isEmpty()) {
        shown.at(field).invalid("", "must not be empty");
      }
    }
    if (owner.string("apiVersion").equals("v1") && owner.string("kind").equals("Event")) {
      shown.invalid("/v1, Kind=Event is disallowed from being an owner");
    }
  }

  private static void finalizers(FieldValue finalizers) {
    for (FieldValue finalizer : finalizers.items()) {
      for (String problem : Formats.labelKey(finalizer.string())) {
        finalizers.invalid(finalizer.string(), problem);
      }
    }
    if (finalizers.list().contains(ORPHAN) && finalizers.list().contains(FOREGROUND)) {
      finalizers.invalid("finalizer orphan and foregroundDeletion cannot be both set");
    }
  }

  /// Finalizers of the kinds that upstream's own server keeps are qualified, but for a few.
  public static void qualifiedFinalizers(FieldValue finalizers) {
    finalizers.items().forEach(MetaRules::qualified);
  }

  /// A finalizer outside of metadata.
  public static void qualifiedFinalizer(FieldValue finalizer) {
    finalizer.mustBe(Formats::labelKey);
    qualified(finalizer);
  }

  private static void qualified(FieldValue finalizer) {
    String name = finalizer.string();
    if (name.indexOf('/') < 0 && !STANDARD_FINALIZERS.contains(name)) {
      finalizer.invalid("name is neither a standard finalizer name nor is it fully qualified");
    }
  }

  private static void noNewFinalizers(FieldValue finalizers, Struct before) {
    Set<Object> added = new TreeSet<>(finalizers.list());
    added.removeAll(new HashSet<>(before.list("finalizers")));
    if (!added.isEmpty()) {
      finalizers.forbidden(
          "no new finalizers can be added if the object is being deleted, found new finalizers"
              + " []string{"
              + GoText.quoted(added.stream().map(Object::toString).toList())
              + "}");
    }
  }

  /// The record of which manager owns which fields.
  public static void managedFields(FieldValue entries) {
    for (FieldValue entry : entries.items()) {
      FieldValue operation = entry.at("operation");
      if (!operation.is("Apply") && !operation.is("Update")) {
        operation.invalid(operation.string(), "must be `Apply` or `Update`");
      }
      FieldValue type = entry.at("fieldsType");
      if (!type.isEmpty() && !type.is("FieldsV1")) {
        type.invalid("must be `FieldsV1`");
      }
      manager(entry.at("manager"));
      entry.at("subresource").mustNotBeLongerThan(LONGEST_SUBRESOURCE);
    }
  }

  /// The name of a manager of fields.
  public static void manager(FieldValue manager) {
    manager.mustNotBeLongerThan(LONGEST_MANAGER);
    String name = manager.string();
    int position = 0;
    for (int i = 0; i < name.length(); ) {
      int character = name.codePointAt(i);
      if (!GoText.isPrintable(character)) {
        manager.invalid(
            String.format("invalid character U+%04X (at position %d)", character, position));
      }
      i += Character.charCount(character);
      position += Formats.byteLength(Character.toString(character));
    }
  }
}
