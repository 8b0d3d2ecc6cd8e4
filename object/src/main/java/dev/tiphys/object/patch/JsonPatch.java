package dev.tiphys.object.patch;

import dev.tiphys.object.Null;
import dev.tiphys.object.Struct;
import dev.tiphys.object.encoding.Json;
import dev.tiphys.object.patch.PatchException.Reason;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// JSON patch, RFC 6902, as the library that upstream uses reads it: `replace` adds a key that is
/// missing, indices may be negative, and what a path has before its first `/` is passed over.
///
/// Threads: one per instance.
public final class JsonPatch {

  /// How many operations a patch may have.
  public static final int MOST_OPERATIONS = 10_000;

  /// How many bytes of JSON all `copy` operations of a patch may copy.
  public static final int MOST_COPIED = 3 << 20;

  private long copied;

  private JsonPatch() {}

  /// `target` after the operations of `patch`, one after the other.
  ///
  /// @throws PatchException `MALFORMED` if the patch is no list of operations, `TOO_LARGE` if it
  ///   has too many of them, `DOES_NOT_APPLY` if one of them is none, its path leads nowhere, its
  ///   test fails, or it copies too much
  public static Object apply(Object target, Object patch) {
    if (patch == Null.NULL) {
      return target;
    }
    if (!(patch instanceof List<?> operations)) {
      throw malformed(patch, "Patch");
    }
    for (Object operation : operations) {
      if (!(operation instanceof Struct) && operation != Null.NULL) {
        throw malformed(operation, "Operation");
      }
    }
    if (operations.size() > MOST_OPERATIONS) {
      throw new PatchException(
          Reason.TOO_LARGE,
          "The allowed maximum operations in a JSON patch is "
              + MOST_OPERATIONS
              + ", got "
              + operations.size());
    }
    JsonPatch run = new JsonPatch();
    Object result = target;
    for (Object operation : operations) {
      result = run.applyOne(result, operation instanceof Struct struct ? struct : Struct.EMPTY);
    }
    return result;
  }

  private static PatchException malformed(Object found, String expected) {
    return new PatchException(
        Reason.MALFORMED,
        "json: cannot unmarshal "
            + Json.kind(found)
            + " into Go value of type jsonpatch."
            + expected);
  }

  private Object applyOne(Object target, Struct operation) {
    String name = operation.string("op");
    return switch (name) {
      case "add" -> pointer(operation, "path").edit(target, new Edit.Add(value(operation)));
      case "remove" -> pointer(operation, "path").edit(target, new Edit.Remove());
      case "replace" -> pointer(operation, "path").edit(target, new Edit.Replace(value(operation)));
      case "move" -> {
        Pointer from = pointer(operation, "from");
        Object moved = from.read(target);
        Object rest = from.edit(target, new Edit.Remove());
        yield pointer(operation, "path")
            .edit(rest, new Edit.Add(moved == null ? Null.NULL : moved));
      }
      case "copy" -> {
        Object value = pointer(operation, "from").read(target);
        Object copy = value == null ? Null.NULL : value;
        count(copy);
        yield pointer(operation, "path").edit(target, new Edit.Add(copy));
      }
      case "test" -> test(target, pointer(operation, "path"), value(operation));
      default -> throw new PatchException(Reason.DOES_NOT_APPLY, "Unexpected kind: " + name);
    };
  }

  private void count(Object copy) {
    copied += Json.size(copy, MOST_COPIED - copied);
    if (copied > MOST_COPIED) {
      throw new PatchException(
          Reason.DOES_NOT_APPLY,
          "Unable to complete the copy, the accumulated size increase of copy is "
              + copied
              + ", exceeding the limit "
              + MOST_COPIED);
    }
  }

  /// What is absent or null passes no test but that it is null.
  private static Object test(Object target, Pointer path, Object expected) {
    Object found = path.read(target);
    if (!(found == null ? Null.NULL : found).equals(expected)) {
      throw new PatchException(
          Reason.DOES_NOT_APPLY, "testing value " + path.text + " failed: test failed");
    }
    return target;
  }

  private static Object value(Struct operation) {
    Object value = operation.get("value");
    return value == null ? Null.NULL : value;
  }

  private static Pointer pointer(Struct operation, String field) {
    if (!(operation.get(field) instanceof String text)) {
      throw new PatchException(
          Reason.DOES_NOT_APPLY,
          operation.string("op") + " operation failed to decode " + field + ": missing value");
    }
    if (text.indexOf('/') < 0) {
      throw missing(operation.string("op"), text);
    }
    return new Pointer(operation.string("op"), text);
  }

  private static PatchException missing(String operation, String path) {
    return new PatchException(
        Reason.DOES_NOT_APPLY,
        operation
            + " operation does not apply: doc is missing path: \""
            + path
            + "\": missing value");
  }

  /// A JSON pointer (RFC 6901).
  private static final class Pointer {
    private final String operation;
    private final String text;
    private final List<String> tokens = new ArrayList<>();

    Pointer(String operation, String text) {
      this.operation = operation;
      this.text = text;
      for (String token : text.substring(text.indexOf('/') + 1).split("/", -1)) {
        tokens.add(token.replace("~1", "/").replace("~0", "~"));
      }
    }

    /// What the path leads to; null for a key that its struct does not have.
    @Nullable Object read(Object target) {
      Object found = target;
      for (String token : tokens) {
        found =
            switch (found) {
              case Struct struct -> struct.get(token);
              case List<?> list -> list.get(element(token, list.size()));
              case null, default -> throw missing(operation, text);
            };
      }
      return found;
    }

    Object edit(Object target, Edit edit) {
      return edit(target, 0, edit);
    }

    private Object edit(@Nullable Object node, int depth, Edit edit) {
      boolean last = depth == tokens.size() - 1;
      String token = tokens.get(depth);
      return switch (node) {
        case Struct struct when last -> editField(struct, token, edit);
        case Struct struct -> struct.with(token, edit(struct.get(token), depth + 1, edit));
        case List<?> list when last -> editElement(list, token, edit);
        case List<?> list -> {
          Object[] changed = list.toArray();
          int index = element(token, changed.length);
          changed[index] = edit(changed[index], depth + 1, edit);
          yield List.of(changed);
        }
        case null, default -> throw missing(operation, text);
      };
    }

    private Struct editField(Struct struct, String name, Edit edit) {
      return switch (edit) {
        case Edit.Add(Object value) -> struct.with(name, value);
        case Edit.Replace(Object value) -> struct.with(name, value);
        case Edit.Remove() -> {
          if (struct.indexOf(name) < 0) {
            throw missing(operation, text);
          }
          yield struct.without(name);
        }
      };
    }

    private List<Object> editElement(List<?> list, String token, Edit edit) {
      List<Object> changed = new ArrayList<>(list);
      switch (edit) {
        case Edit.Add(Object value) ->
            changed.add(token.equals("-") ? list.size() : element(token, list.size() + 1), value);
        case Edit.Replace(Object value) -> changed.set(element(token, list.size()), value);
        case Edit.Remove() -> changed.remove(element(token, list.size()));
      }
      return List.of(changed.toArray());
    }

    /// The index that a token names in a list, counted from the end if it is negative.
    private int element(String token, int size) {
      int index;
      try {
        index = Integer.parseInt(token);
      } catch (NumberFormatException e) {
        throw invalidIndex(token, e);
      }
      int place = index < 0 ? index + size : index;
      if (place < 0 || place >= size) {
        throw invalidIndex(token, null);
      }
      return place;
    }

    private PatchException invalidIndex(String token, @Nullable Throwable cause) {
      return new PatchException(
          Reason.DOES_NOT_APPLY,
          "error in "
              + operation
              + " for path: '"
              + text
              + "': Unable to access invalid index: "
              + token
              + ": invalid index referenced",
          cause);
    }
  }

  /// What happens at the end of a path.
  private sealed interface Edit {
    record Add(Object value) implements Edit {}

    record Replace(Object value) implements Edit {}

    record Remove() implements Edit {}
  }
}
