package dev.tiphys.schema.expressions;

import dev.tiphys.cel.Functions;
import dev.tiphys.cel.Price;
import dev.tiphys.cel.Range;
import dev.tiphys.cel.Type;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What expressions make that change objects: `Object{}` and what is in it, each called after the
/// path to it (`Object.spec.template`), and `JSONPatch{}`.
final class PatchLibrary {

  /// What is to be applied to an object.
  static final Type OBJECT = object("Object");

  /// One operation of a JSON patch.
  static final Type PATCH =
      Type.object(
          "JSONPatch",
          Map.of("op", Type.STRING, "path", Type.STRING, "from", Type.STRING, "value", Type.DYN));

  private PatchLibrary() {}

  /// An object that can have any field. Whether it is at its place is seen once it is made.
  private static Type object(String name) {
    return Type.object(
        name,
        new Type.Fields() {
          @Override
          public Type type(String field) {
            return Type.DYN;
          }

          @Override
          public String inTree(String field) {
            return field;
          }
        });
  }

  private static @Nullable Type named(String name) {
    return name.equals("Object")
        ? OBJECT
        : name.startsWith("Object.") ? object(name) : name.equals("JSONPatch") ? PATCH : null;
  }

  static Functions functions() {
    return new Functions()
        .addTypes(PatchLibrary::named)
        .add(
            "jsonpatch.escapeKey",
            Type.STRING,
            new Escaping(),
            values -> escaped((String) values[0]),
            Type.STRING);
  }

  private static String escaped(String key) {
    return key.replace("~", "~0").replace("/", "~1");
  }

  /// A key is read, and the longest that comes of it is twice as long.
  private record Escaping() implements Price {

    @Override
    public Estimate estimate(List<Operand> operands) {
      return new Estimate(
          operands.getFirst().size().times(PER_CHARACTER), operands.getFirst().size().times(2.0));
    }

    @Override
    public long actual(Object[] arguments, Object result) {
      String key = (String) arguments[0];
      return Range.times(key.codePointCount(0, key.length()), PER_CHARACTER);
    }
  }
}
