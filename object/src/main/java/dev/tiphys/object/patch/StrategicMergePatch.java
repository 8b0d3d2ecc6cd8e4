package dev.tiphys.object.patch;

import dev.tiphys.object.Null;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.object.patch.MergeRules.FieldRules;
import dev.tiphys.object.patch.PatchException.Reason;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Kubernetes' strategic merge patch: a merge patch that knows the type it changes, and so merges
/// lists of named elements instead of replacing them.
///
/// Directives in a patch: `$patch` (`replace`, `delete`, `merge`) in a struct or an element,
/// `$retainKeys`, `$deleteFromPrimitiveList/FIELD`, `$setElementOrder/FIELD`. See
/// <https://github.com/kubernetes/community/blob/master/contributors/devel/sig-api-machinery/strategic-merge-patch.md>.
public final class StrategicMergePatch {

  static final String DIRECTIVE = "$patch";
  private static final String RETAIN_KEYS = "$retainKeys";
  private static final String DELETE_FROM = "$deleteFromPrimitiveList/";
  private static final String SET_ORDER = "$setElementOrder/";

  private StrategicMergePatch() {}

  /// `target` changed as `patch` says.
  ///
  /// @param rules of the type of both; null for a struct without a type, which is merged as by a
  ///   merge patch
  /// @throws PatchException `MALFORMED` for a directive that does not exist or an element without
  ///   its merge key
  public static Struct apply(Struct target, Struct patch, @Nullable MergeRules rules) {
    Object directive = patch.get(DIRECTIVE);
    if (directive != null) {
      return switch (directive.toString()) {
        case "replace" -> withoutDirectives(patch.without(DIRECTIVE));
        case "delete" -> Struct.EMPTY;
        case "merge" -> apply(target, patch.without(DIRECTIVE), rules);
        default ->
            throw new PatchException(Reason.MALFORMED, "Unknown patch type found: " + directive);
      };
    }
    StructBuilder merged = new StructBuilder(target.size() + patch.size());
    List<?> retained = patch.list(RETAIN_KEYS);
    boolean retains = patch.get(RETAIN_KEYS) != null;
    for (int i = 0; i < target.size(); i++) {
      String name = target.name(i);
      boolean dropped = retains && !retained.contains(name);
      if (!dropped && patch.get(name) == null) {
        merged.put(name, unpatched(target.value(i), name, patch, rules));
      }
    }
    for (int i = 0; i < patch.size(); i++) {
      String name = patch.name(i);
      Object wanted = patch.value(i);
      if (isDirective(name) || wanted == Null.NULL) {
        continue;
      }
      Object current = target.get(name);
      Object next =
          current == null || current == Null.NULL
              ? withoutDirectives(wanted)
              : merge(current, wanted, name, patch, rules);
      merged.put(name, next);
    }
    return merged.build();
  }

  private static Object merge(
      Object current, Object wanted, String name, Struct patch, @Nullable MergeRules rules) {
    FieldRules field = rules == null ? null : rules.field(name);
    MergeRules content = field == null ? null : field.content();
    if (current instanceof Struct target && wanted instanceof Struct change) {
      return field != null && field.replace()
          ? withoutDirectives(change)
          : apply(target, change, content);
    }
    if (current instanceof List<?> list && wanted instanceof List<?> changes) {
      if (field == null || !field.merge()) {
        return withoutDirectives(changes);
      }
      return new ListMerge(name, field.mergeKey(), content)
          .merge(list, changes, patch.list(DELETE_FROM + name), patch.list(SET_ORDER + name));
    }
    return withoutDirectives(wanted);
  }

  /// A field that the patch does not set, but may delete from or put in order.
  private static Object unpatched(
      Object current, String name, Struct patch, @Nullable MergeRules rules) {
    List<?> deleted = patch.list(DELETE_FROM + name);
    List<?> order = patch.list(SET_ORDER + name);
    FieldRules field = rules == null ? null : rules.field(name);
    if (!(current instanceof List<?> list)
        || field == null
        || (deleted.isEmpty() && order.isEmpty())) {
      return current;
    }
    return new ListMerge(name, field.mergeKey(), field.content())
        .merge(list, List.of(), deleted, order);
  }

  private static boolean isDirective(String name) {
    return name.equals(RETAIN_KEYS) || name.startsWith(DELETE_FROM) || name.startsWith(SET_ORDER);
  }

  /// A value of a patch as it is when there is nothing to merge it with: no directives, no nulls.
  static Object withoutDirectives(Object value) {
    return switch (value) {
      case Struct struct -> withoutDirectives(struct);
      case List<?> list -> {
        List<Object> plain = new ArrayList<>(list.size());
        for (Object element : list) {
          if (!(element instanceof Struct struct && isDeletion(struct))) {
            plain.add(withoutDirectives(element));
          }
        }
        yield List.copyOf(plain);
      }
      default -> value;
    };
  }

  private static Struct withoutDirectives(Struct struct) {
    StructBuilder plain = new StructBuilder(struct.size());
    for (int i = 0; i < struct.size(); i++) {
      String name = struct.name(i);
      Object value = struct.value(i);
      if (value != Null.NULL && !name.equals(DIRECTIVE) && !isDirective(name)) {
        plain.put(name, withoutDirectives(value));
      }
    }
    return plain.build();
  }

  private static boolean isDeletion(Struct element) {
    Object directive = element.get(DIRECTIVE);
    return "delete".equals(directive) || ("replace".equals(directive) && element.size() == 1);
  }
}
