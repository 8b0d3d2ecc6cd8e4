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
  private static final String DELETE_FROM = "$deleteFromPrimitiveList";
  private static final String SET_ORDER = "$setElementOrder";

  private StrategicMergePatch() {}

  /// `target` changed as `patch` says.
  ///
  /// @param rules of the type of both; null for a struct without a type, which is merged as by a
  ///   merge patch
  /// @throws PatchException `MALFORMED` for directives that do not exist, that contradict each
  ///   other or the lists they are about, and for elements without their merge key
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
        order(merged, name, patch.value(i), patch, rules);
      }
    }
    Struct present = merged.build();
    for (int i = 0; i < patch.size(); i++) {
      present = field(present, patch, i, rules);
    }
    return present;
  }

  static PatchException unknownDirective(Object directive, Struct where) {
    return malformed(
        "unknown patch type: " + GoPrint.string(directive) + " in map: " + GoPrint.text(where));
  }

  static PatchException malformed(String message) {
    return new PatchException(Reason.MALFORMED, message);
  }

  static PatchException wrongType(String expected, Object value) {
    return malformed("expected a " + expected + ", but received a " + GoPrint.typeOf(value));
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
    return malformed("invalid patch format of retainKeys");
  }

  /// The field that a directive is about.
  ///
  /// @param kind of list that the directive needs, for the refusal
  private static String fieldOf(String directive, String prefix, String kind) {
    if (!directive.startsWith(prefix + "/")) {
      throw malformed("invalid patch format of " + kind + " list");
    }
    return directive.substring(prefix.length() + 1);
  }

  /// Merges a list whose order the patch gives.
  private static void order(
      StructBuilder merged,
      String directive,
      Object wanted,
      Struct patch,
      @Nullable MergeRules rules) {
    List<?> order = listOf(wanted);
    String name = fieldOf(directive, SET_ORDER, "setElementOrder");
    Struct target = merged.build();
    List<?> current = listOf(target.get(name));
    List<?> changes = listOf(patch.get(name));
    if (rules != null && rules.field(name) == null) {
      throw malformed(
          "unable to find api field in struct "
              + rules.typeName()
              + " for the json field \""
              + name
              + "\"");
    }
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
    merge.checkPlaces(both, order);
    merged.put(name, merge.ordered(both, order, current));
  }

  private static List<?> listOf(@Nullable Object value) {
    return switch (value) {
      case null -> List.of();
      case List<?> list -> list;
      default -> throw wrongType("[]interface {}", value);
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
    if (name.startsWith(DELETE_FROM)) {
      String field = fieldOf(name, DELETE_FROM, "primitive");
      return deletedFrom(present, field, patch.value(index), rules);
    }
    boolean done = isDirective(name) || patch.get(SET_ORDER + "/" + name) != null;
    return done ? present : changed(present, name, patch.value(index), rules);
  }

  private static Struct changed(
      Struct present, String name, Object wanted, @Nullable MergeRules rules) {
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

  /// The struct after `$deleteFromPrimitiveList`. What is no list of plain values changes as if the
  /// directive were the field itself.
  private static Struct deletedFrom(
      Struct present, String name, Object wanted, @Nullable MergeRules rules) {
    Object current = present.get(name);
    if (wanted == Null.NULL) {
      return present.without(name);
    }
    if (current == null || !GoPrint.type(current).equals(GoPrint.type(wanted))) {
      return present;
    }
    return current instanceof List<?> list && wanted instanceof List<?> gone
        ? present.with(name, listMerge(name, rules).without(list, gone))
        : changed(present, name, wanted, rules);
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
