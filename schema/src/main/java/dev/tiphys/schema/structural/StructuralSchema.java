package dev.tiphys.schema.structural;

import dev.tiphys.object.Struct;
import dev.tiphys.object.encoding.FieldOrder;
import dev.tiphys.object.merge.MergeShape;
import dev.tiphys.object.patch.MergeRules;
import dev.tiphys.schema.GroupVersion;
import dev.tiphys.schema.Schema;
import dev.tiphys.schema.validation.FieldErrors;
import dev.tiphys.schema.validation.FieldValue;
import dev.tiphys.schema.validation.custom.ObjectRules;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// What the objects of a custom kind look like: the OpenAPI v3 schema of one version of its
/// definition, which is structural, as upstream calls a schema that says of every field where it
/// is.
///
/// Two schemas of the same name that say the same are equal.
///
/// Threads: any; immutable.
public final class StructuralSchema implements Schema {

  private final String name;
  private final Struct document;
  private final Node root;
  private final MergeShape merging;
  private volatile @Nullable ObjectRules rules;

  private StructuralSchema(String name, Struct document) {
    this.name = name;
    this.document = document;
    this.root = Node.of(document).asObject();
    this.merging = StructuralMerging.ofObject(document);
  }

  /// The schema of a kind.
  ///
  /// @param document the OpenAPI v3 schema, as the definition has it
  public static StructuralSchema of(GroupVersion groupVersion, String kind, Struct document) {
    List<String> parts = Arrays.asList(groupVersion.group().split("\\."));
    Collections.reverse(parts);
    return new StructuralSchema(
        String.join(".", parts) + "." + groupVersion.version() + "." + kind, document);
  }

  /// The group from its last part on, the version, the kind: `com.example.v1.Thing`.
  @Override
  public String name() {
    return name;
  }

  /// The OpenAPI v3 schema it was made of.
  public Struct document() {
    return document;
  }

  /// Values are left as they are: whether they are of the right type, validation tells.
  @Override
  public Struct normalize(Struct tree, Consumer<String> unknown) {
    return new Pruner(unknown).struct(tree, root, root.preserves());
  }

  /// `object`, which is normalized, with its defaults. An object that is complete is returned as it
  /// is.
  public Struct complete(Struct object) {
    return Completer.struct(object, root);
  }

  /// Reports what is wrong with `object`, which is normalized and complete, apart from its
  /// metadata.
  ///
  /// @param object the whole object
  /// @param before the object that it replaces; null for a new one
  public void validate(FieldValue object, @Nullable Struct before) {
    rules().check(object, before);
  }

  /// As [#validate], for an object whose status alone has changed.
  public void validateStatus(FieldValue object, Struct before) {
    rules().checkStatus(object, before);
  }

  /// The rules that an object breaks and that [#validate] lets pass, since what breaks them has not
  /// changed.
  public FieldErrors forgiven(Struct object, Struct before) {
    return rules().forgiven(object, before);
  }

  private ObjectRules rules() {
    ObjectRules known = rules;
    if (known == null) {
      known = new ObjectRules(document);
      rules = known;
    }
    return known;
  }

  @Override
  public @Nullable FieldOrder order() {
    return null;
  }

  @Override
  public @Nullable MergeRules strategic() {
    return null;
  }

  @Override
  public MergeShape merging() {
    return merging;
  }

  /// An absent value is empty, whatever its type.
  @Override
  public String selectable(Struct object, String path) {
    Object value = object;
    for (String field : path.split("\\.")) {
      value = value instanceof Struct struct ? struct.get(field) : null;
    }
    return switch (value) {
      case String text -> text;
      case Long number -> Long.toString(number);
      case Boolean truth -> Boolean.toString(truth);
      case null, default -> "";
    };
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof StructuralSchema schema
        && name.equals(schema.name)
        && document.equals(schema.document);
  }

  @Override
  public int hashCode() {
    return name.hashCode();
  }

  @Override
  public String toString() {
    return name;
  }
}
