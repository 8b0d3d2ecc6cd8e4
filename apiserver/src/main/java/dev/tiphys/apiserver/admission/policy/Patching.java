package dev.tiphys.apiserver.admission.policy;

import dev.tiphys.cel.Environment;
import dev.tiphys.cel.EvaluationException;
import dev.tiphys.object.Struct;
import dev.tiphys.object.merge.MergeException;
import dev.tiphys.object.merge.MergeShape;
import dev.tiphys.object.merge.MergeTyping;
import dev.tiphys.object.merge.Merging;
import dev.tiphys.object.patch.JsonPatch;
import dev.tiphys.object.patch.PatchException;
import java.util.ArrayList;
import java.util.List;

/// Changes objects by what the expressions of mutating policies make.
final class Patching {

  private Patching() {}

  /// A change can't be made.
  static final class UnfitException extends Exception {
    private static final long serialVersionUID = 1;

    UnfitException(String message) {
      super(message);
    }

    String text() {
      return String.valueOf(getMessage());
    }
  }

  /// An object with what is applied to it: fields are set, none is taken away.
  ///
  /// @param value of the expression
  /// @param shape how the object's kind is merged
  static Struct applied(Struct object, Object value, MergeShape shape) throws UnfitException {
    checkNames(value, "Object");
    try {
      Struct wanted = (Struct) Environment.tree(value);
      MergeTyping.check(wanted, shape);
      List<String> whole = new ArrayList<>();
      collectWhole(wanted, shape, "", whole);
      if (!whole.isEmpty()) {
        throw new UnfitException(
            "error applying patch: invalid ApplyConfiguration: may not mutate atomic arrays, maps or"
                + " structs: "
                + String.join(", ", whole));
      }
      return Merging.merge(object, wanted, shape);
    } catch (EvaluationException | MergeException e) {
      throw new UnfitException("error applying patch: " + e.getMessage());
    }
  }

  /// The paths to what could only be set as a whole: who sets a part would lose the rest.
  private static void collectWhole(
      Object value, MergeShape shape, String path, List<String> found) {
    if (value instanceof Struct struct && shape.map() != null) {
      MergeShape.MapShape map = shape.map();
      if (map.isAtomic()) {
        found.add(path);
      }
      struct.forEach(
          (name, inner) -> {
            MergeShape field = map.declares(name) ? map.field(name) : null;
            if (field != null) {
              collectWhole(inner, field, path + "." + name, found);
            }
          });
    } else if (value instanceof List<?> list && shape.list() != null) {
      MergeShape.ListShape elements = shape.list();
      if (elements.ownership() == MergeShape.Ownership.ATOMIC) {
        found.add(path);
      }
      for (int i = 0; i < list.size(); i++) {
        collectWhole(list.get(i), elements.elements(), path + "[" + i + "]", found);
      }
    }
  }

  /// An object after a JSON patch; as it is if a test of the patch fails.
  ///
  /// @param value of the expression
  static Struct patched(Struct object, Object value) throws UnfitException {
    List<Object> operations = new ArrayList<>();
    for (Object operation : (List<?>) value) {
      operations.add(operation(operation));
    }
    try {
      return (Struct) JsonPatch.apply(object, List.copyOf(operations));
    } catch (PatchException e) {
      if (String.valueOf(e.getMessage()).contains("test failed")) {
        return object;
      }
      throw new UnfitException("JSON Patch: " + e.getMessage());
    } catch (ClassCastException e) {
      throw new UnfitException("JSON Patch: the object is gone");
    }
  }

  private static Struct operation(Object made) throws UnfitException {
    List<String> misnamed = Environment.misnamedFields(made);
    if (!misnamed.isEmpty()) {
      throw new UnfitException("type mismatch: " + String.join("\n", misnamed));
    }
    try {
      return (Struct) Environment.tree(made);
    } catch (EvaluationException e) {
      throw new UnfitException("JSON Patch: " + e.getMessage());
    }
  }

  private static void checkNames(Object value, String path) throws UnfitException {
    List<String> misnamed = Environment.misnamed(value, path);
    if (!misnamed.isEmpty()) {
      throw new UnfitException("type mismatch: " + String.join("\n", misnamed));
    }
  }
}
