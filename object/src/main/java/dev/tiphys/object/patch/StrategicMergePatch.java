package dev.tiphys.object.patch;

import dev.tiphys.object.Null;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.object.encoding.GoPrint;
import dev.tiphys.object.patch.MergeRules.FieldRules;
import dev.tiphys.object.patch.PatchException.Reason;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Kubernetes' strategic merge patch: a merge patch that knows the type it changes, and so merges
/// lists of named elements instead of replacing them.
///
/// Directives in a patch: `$patch` (`replace`, `delete`) in a struct or an element, `$retainKeys`,
/// `$deleteFromPrimitiveList/FIELD`, `$setElementOrder/FIELD`. See
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
  /// @throws PatchException `MALFORMED` or `INCONSISTENT` for directives that do not exist, that
  ///   contradict each other or the lists they are about, and for elements without their merge key
  public static Struct apply(Struct target, Struct patch, @Nullable MergeRules rules) {
    Object directive = patch.get(DIRECTIVE);
    if (directive != null) {
      return switch (GoPrint.text(directive)) {
        case "replace" -> patch.without(DIRECTIVE);
        case "delete" -> Struct.EMPTY;
        default -> throw unknownDirective(directive, patch);
      };
    }
    StructBuilder merged = StructBuilder.from(retained(target, patch));
    for (int i = 0; i < patch.size(); i++) {
      String name = patch.name(i);
      if (name.startsWith(SET_ORDER)) {
        order(merged, name.substring(SET_ORDER.length()), patch.value(i), patch, rules);
      }
    }
    Struct present = merged.build();
    for (int i = 0; i < patch.size(); i++) {
      present = field(present, patch, i, rules);
    }
    return present;
  }

  static PatchException unknownDirective(Object directive, Struct where) {
    return new PatchException(
        Reason.INCONSISTENT,
        "unknown patch type: " + GoPrint.text(directive) + " in map: " + GoPrint.text(where));
  }

  /// The target without the fields that `$retainKeys` does not name.
  private static Struct retained(Struct target, Struct patch) {
    Object keys = patch.get(RETAIN_KEYS);
    if (keys == null) {
      return target;
    }
    if (!(keys instanceof List<?> kept)) {
      throw badRetainKeys();
    }
    patch.forEach(
        (name, value) -> {
          if (value != Null.NULL && !isDirective(name) && !kept.contains(name)) {
            throw badRetainKeys();
          }
        });
    Struct rest = target;
    for (String name : target.names()) {
      rest = kept.contains(name) ? rest : rest.without(name);
    }
    return rest;
  }

  private static PatchException badRetainKeys() {
    return new PatchException(Reason.MALFORMED, "invalid patch format of retainKeys");
  }

  /// Merges a list whose order the patch gives.
  private static void order(
      StructBuilder merged, String name, Object wanted, Struct patch, @Nullable MergeRules rules) {
    List<?> order = listOf(wanted);
    Struct target = merged.build();
    List<?> current = listOf(target.get(name));
    List<?> changes = listOf(patch.get(name));
    ListMerge merge = listMerge(name, rules);
    merge.checkOrder(changes, order);
    if (target.get(name) == null && patch.get(name) == null) {
      return;
    }
    List<Object> both;
    if (target.get(name) == null) {
      both = withoutDirectives(changes);
    } else if (patch.get(name) == null) {
      both = List.copyOf(current);
    } else {
      both = merge.merges() ? merge.merge(current, changes) : List.copyOf(changes);
    }
    merged.put(name, merge.ordered(both, order, current));
  }

  private static List<?> listOf(@Nullable Object value) {
    return switch (value) {
      case null -> List.of();
      case List<?> list -> list;
      default ->
          throw new PatchException(
              Reason.INCONSISTENT,
              "expected a []interface {}, but received a " + GoPrint.type(value));
    };
  }

  private static ListMerge listMerge(String name, @Nullable MergeRules rules) {
    FieldRules field = rules == null ? null : rules.field(name);
    return field == null
        ? new ListMerge(name, false, null, null)
        : new ListMerge(name, field.merge(), field.mergeKey(), field.content());
  }

  /// The struct after one field of the patch.
  private static Struct field(Struct present, Struct patch, int index, @Nullable MergeRules rules) {
    String name = patch.name(index);
    Object wanted = patch.value(index);
    if (name.startsWith(DELETE_FROM)) {
      return deletedFrom(present, name.substring(DELETE_FROM.length()), wanted);
    }
    if (isDirective(name) || patch.get(SET_ORDER + name) != null) {
      return present;
    }
    if (wanted == Null.NULL) {
      return present.without(name);
    }
    Object current = present.get(name);
    return switch (wanted) {
      case Struct change when current instanceof Struct struct ->
          present.with(name, merged(struct, change, name, rules));
      case List<?> changes when current instanceof List<?> list -> {
        ListMerge merge = listMerge(name, rules);
        yield present.with(name, merge.merges() ? merge.merge(list, changes) : changes);
      }
      case Struct change when change.get(DIRECTIVE) != null -> present.without(name);
      default -> present.with(name, withoutDirectives(wanted));
    };
  }

  private static Struct merged(
      Struct target, Struct change, String name, @Nullable MergeRules rules) {
    FieldRules field = rules == null ? null : rules.field(name);
    if (field != null && field.replace()) {
      return change;
    }
    return apply(target, change, field == null ? null : field.content());
  }

  private static Struct deletedFrom(Struct present, String name, Object deleted) {
    if (!(present.get(name) instanceof List<?> list) || !(deleted instanceof List<?> gone)) {
      return present;
    }
    List<Object> rest = new ArrayList<>(list);
    rest.removeAll(gone);
    return present.with(name, List.copyOf(rest));
  }

  private static boolean isDirective(String name) {
    return name.equals(RETAIN_KEYS) || name.startsWith(DELETE_FROM) || name.startsWith(SET_ORDER);
  }

  /// A value of a patch as it is when there is nothing to merge it with: without structs that are
  /// directives, and without nulls in structs.
  private static Object withoutDirectives(Object value) {
    return switch (value) {
      case Struct struct -> {
        StructBuilder plain = new StructBuilder(struct.size());
        struct.forEach(
            (name, field) -> {
              if (field != Null.NULL && !isDirective(field)) {
                plain.put(name, withoutDirectives(field));
              }
            });
        yield plain.build();
      }
      case List<?> list -> withoutDirectives(list);
      default -> value;
    };
  }

  private static List<Object> withoutDirectives(List<?> list) {
    List<Object> plain = new ArrayList<>(list.size());
    for (Object element : list) {
      if (!isDirective(element)) {
        plain.add(withoutDirectives(element));
      }
    }
    return List.copyOf(plain);
  }

  private static boolean isDirective(Object value) {
    return value instanceof Struct struct && struct.get(DIRECTIVE) != null;
  }
}
