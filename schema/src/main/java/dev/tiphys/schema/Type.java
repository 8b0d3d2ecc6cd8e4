package dev.tiphys.schema;

import dev.tiphys.object.Struct;
import dev.tiphys.object.encoding.FieldOrder;
import dev.tiphys.object.merge.MergeShape;
import dev.tiphys.object.patch.MergeRules;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The fields that a struct of some sort may have.
///
/// Threads: any; immutable once made.
public final class Type implements Schema, MergeRules {

  private static final Pattern UNSTABLE = Pattern.compile("\\.(v\\d+)(?:alpha|beta)\\d+\\.");

  private final String name;
  private final String stableName;
  private final List<Field> fields;
  private final String[] names;
  private final FieldRules[] rules;
  private final boolean atomic;
  private final ProtoLayout layout;
  private final FieldOrder order;
  private final MergeShape merging;
  private volatile @Nullable Struct zero;

  /// @param fields in the order in which the type declares them
  Type(String name, List<Field> fields, boolean atomic) {
    this.name = name;
    this.stableName = UNSTABLE.matcher(name).replaceFirst(".$1.");
    this.fields = fields.stream().sorted(Comparator.comparing(Field::name)).toList();
    this.names = this.fields.stream().map(Field::name).toArray(String[]::new);
    this.rules = new FieldRules[names.length];
    this.atomic = atomic;
    this.layout = ProtoLayout.of(this.fields);
    this.order = new DeclaredOrder(this, fields);
    this.merging = TypeMerging.of(this);
  }

  @Override
  public String name() {
    return name;
  }

  /// The name of the type that this one became, or would become, in the stable version: a version
  /// before it has the same rules and defaults, unless it has its own.
  public String stableName() {
    return stableName;
  }

  /// The fields, ordered by name.
  public List<Field> fields() {
    return fields;
  }

  /// The field of this name, or null.
  public @Nullable Field fieldNamed(String field) {
    int index = indexOf(field);
    return index < 0 ? null : fields.get(index);
  }

  /// Where the field of this name is among the fields, or a negative number.
  int indexOf(String field) {
    return Arrays.binarySearch(names, field);
  }

  /// Whether a struct of this type is owned and merged as a whole.
  public boolean isAtomic() {
    return atomic;
  }

  @Override
  public Struct normalize(Struct tree, Consumer<String> unknown) {
    return Normalizer.normalize(tree, this, unknown);
  }

  @Override
  public Struct normalize(Struct tree, Struct normal, Consumer<String> unknown) {
    return Normalizer.normalize(tree, this, normal, unknown);
  }

  /// As the type declares the fields.
  @Override
  public FieldOrder order() {
    return order;
  }

  @Override
  public MergeRules strategic() {
    return this;
  }

  @Override
  public String typeName() {
    return name.substring(name.lastIndexOf('.') + 1);
  }

  /// What a struct of this type is before anything is set. Defaults are not in it.
  public Struct zero() {
    Struct known = zero;
    if (known == null) {
      known = Zero.of(this);
      zero = known;
    }
    return known;
  }

  @Override
  public MergeShape merging() {
    return merging;
  }

  ProtoLayout layout() {
    return layout;
  }

  /// An absent value is the empty one of its type: an absent boolean is `false`.
  @Override
  public String selectable(Struct object, String path) {
    Object value = object;
    Type type = this;
    FieldType found = null;
    for (String name : path.split("\\.")) {
      Field field = type == null ? null : type.fieldNamed(name);
      found = field == null ? null : field.type();
      type = field == null ? null : field.content();
      value = value instanceof Struct struct ? struct.get(name) : null;
    }
    return switch (value) {
      case String text -> text;
      case Long number -> Long.toString(number);
      case Boolean truth -> Boolean.toString(truth);
      case null, default -> found instanceof Scalar scalar ? emptyText(scalar) : "";
    };
  }

  private static String emptyText(Scalar scalar) {
    return switch (scalar) {
      case BOOL -> "false";
      case INT32, INT64 -> "0";
      default -> "";
    };
  }

  @Override
  public @Nullable FieldRules field(String field) {
    int index = Arrays.binarySearch(names, field);
    if (index < 0) {
      return null;
    }
    FieldRules known = rules[index];
    if (known == null) {
      Field.Merging merging = fields.get(index).merging();
      known =
          new FieldRules(
              merging.patchMerge(),
              merging.patchKey(),
              merging.patchReplace(),
              merging.retainKeys(),
              fields.get(index).content());
      rules[index] = known;
    }
    return known;
  }

  @Override
  public String toString() {
    return name;
  }
}
