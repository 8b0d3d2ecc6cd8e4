package dev.tiphys.object.patch;

import dev.tiphys.object.Null;
import dev.tiphys.object.Struct;
import dev.tiphys.object.patch.PatchException.Reason;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// JSON patch, RFC 6902.
public final class JsonPatch {

  private JsonPatch() {}

  /// `target` after the operations of `patch`, one after the other.
  ///
  /// @throws PatchException `MALFORMED` if the patch is no list of operations, `DOES_NOT_APPLY` if
  ///   an operation's path leads nowhere or its test fails
  public static Object apply(Object target, Object patch) {
    if (!(patch instanceof List<?> operations)) {
      throw new PatchException(
          Reason.MALFORMED,
          "error decoding patch: json: cannot unmarshal object into Go value of type"
              + " jsonpatch.Patch");
    }
    Object result = target;
    for (Object operation : operations) {
      if (!(operation instanceof Struct struct)) {
        throw new PatchException(Reason.MALFORMED, "error decoding patch: not an operation");
      }
      result = applyOne(result, struct);
    }
    return result;
  }

  private static Object applyOne(Object target, Struct operation) {
    String name = operation.string("op");
    Pointer path = pointer(operation, "path");
    return switch (name) {
      case "add" -> path.add(target, value(operation));
      case "remove" -> path.remove(target, "remove");
      case "replace" -> path.replace(target, value(operation));
      case "move" -> {
        Pointer from = pointer(operation, "from");
        Object moved = from.read(target, "move");
        yield path.add(from.remove(target, "move"), moved);
      }
      case "copy" -> path.add(target, pointer(operation, "from").read(target, "copy"));
      case "test" -> test(target, path, value(operation));
      default -> throw new PatchException(Reason.MALFORMED, "Unexpected kind: " + name);
    };
  }

  private static Object test(Object target, Pointer path, Object expected) {
    Object found = path.find(target);
    boolean same = found == null ? expected == Null.NULL : found.equals(expected);
    if (!same) {
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
    if (!(operation.get(field) instanceof String text)
        || !(text.isEmpty() || text.startsWith("/"))) {
      throw new PatchException(
          Reason.MALFORMED, operation.string("op") + " operation has no valid " + field);
    }
    return new Pointer(text);
  }

  /// A JSON pointer (RFC 6901).
  private static final class Pointer {
    final String text;
    final List<String> tokens = new ArrayList<>();

    Pointer(String text) {
      this.text = text;
      if (!text.isEmpty()) {
        for (String token : text.substring(1).split("/", -1)) {
          tokens.add(token.replace("~1", "/").replace("~0", "~"));
        }
      }
    }

    @Nullable Object find(Object target) {
      Object found = target;
      for (String token : tokens) {
        found =
            switch (found) {
              case Struct struct -> struct.get(token);
              case List<?> list -> {
                int index = index(token, list.size());
                yield index >= 0 && index < list.size() ? list.get(index) : null;
              }
              default -> null;
            };
        if (found == null) {
          return null;
        }
      }
      return found;
    }

    Object read(Object target, String operation) {
      Object found = find(target);
      if (found == null) {
        throw missing(operation);
      }
      return found;
    }

    Object add(Object target, Object value) {
      return edit(target, 0, "add", new Edit.Add(value));
    }

    Object replace(Object target, Object value) {
      return edit(target, 0, "replace", new Edit.Replace(value));
    }

    Object remove(Object target, String operation) {
      if (tokens.isEmpty()) {
        throw missing(operation);
      }
      return edit(target, 0, operation, new Edit.Remove());
    }

    private Object edit(Object node, int depth, String operation, Edit edit) {
      if (depth == tokens.size()) {
        return switch (edit) {
          case Edit.Add(Object value) -> value;
          case Edit.Replace(Object value) -> value;
          case Edit.Remove() -> throw missing(operation);
        };
      }
      boolean last = depth == tokens.size() - 1;
      String token = tokens.get(depth);
      return switch (node) {
        case Struct struct when last -> editField(struct, token, operation, edit);
        case List<?> list when last -> editElement(list, token, operation, edit);
        case Struct struct -> {
          Object inner = struct.get(token);
          if (inner == null) {
            throw missing(operation);
          }
          yield struct.with(token, edit(inner, depth + 1, operation, edit));
        }
        case List<?> list -> {
          int index = index(token, list.size());
          if (index < 0 || index >= list.size()) {
            throw missing(operation);
          }
          List<Object> changed = new ArrayList<>(list);
          changed.set(index, edit(list.get(index), depth + 1, operation, edit));
          yield Collections.unmodifiableList(changed);
        }
        default -> throw missing(operation);
      };
    }

    private Struct editField(Struct struct, String name, String operation, Edit edit) {
      if (!(edit instanceof Edit.Add) && struct.indexOf(name) < 0) {
        throw new PatchException(
            Reason.DOES_NOT_APPLY,
            operation
                + " operation does not apply: doc is missing key: "
                + text
                + ": missing value");
      }
      return switch (edit) {
        case Edit.Add(Object value) -> struct.with(name, value);
        case Edit.Replace(Object value) -> struct.with(name, value);
        case Edit.Remove() -> struct.without(name);
      };
    }

    private List<Object> editElement(List<?> list, String token, String operation, Edit edit) {
      boolean adding = edit instanceof Edit.Add;
      int index = adding && token.equals("-") ? list.size() : index(token, list.size());
      if (index < 0 || index > list.size() || (!adding && index == list.size())) {
        throw new PatchException(
            Reason.DOES_NOT_APPLY,
            operation
                + " operation does not apply: doc is missing path: \""
                + text
                + "\": Unable to access invalid index: "
                + token
                + ": invalid index referenced");
      }
      List<Object> changed = new ArrayList<>(list);
      switch (edit) {
        case Edit.Add(Object value) -> changed.add(index, value);
        case Edit.Replace(Object value) -> changed.set(index, value);
        case Edit.Remove() -> changed.remove(index);
      }
      return Collections.unmodifiableList(changed);
    }

    /// The index a token names, counted from the end if negative; -1 if it names none.
    private static int index(String token, int size) {
      if (!token.matches("0|-?[1-9][0-9]{0,8}")) {
        return -1;
      }
      int index = Integer.parseInt(token);
      return index < 0 ? Math.max(-1, size + index) : index;
    }

    private PatchException missing(String operation) {
      return new PatchException(
          Reason.DOES_NOT_APPLY,
          operation
              + " operation does not apply: doc is missing path: \""
              + text
              + "\": missing value");
    }
  }

  /// What happens at the end of a path.
  private sealed interface Edit {
    record Add(Object value) implements Edit {}

    record Replace(Object value) implements Edit {}

    record Remove() implements Edit {}
  }
}
