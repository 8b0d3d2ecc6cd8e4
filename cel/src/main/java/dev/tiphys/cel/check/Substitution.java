package dev.tiphys.cel.check;

import dev.tiphys.cel.Type;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// What the type parameters met so far stand for, and which types can be assigned to which.
///
/// Threads: one.
final class Substitution {

  private Map<String, Type> bound = new HashMap<>();

  /// Whether a value of one type can stand where the other is wanted; what has to be assumed for
  /// that is kept.
  boolean assign(Type one, Type other) {
    return assignAll(List.of(one), List.of(other));
  }

  boolean assignAll(List<Type> ones, List<Type> others) {
    Map<String, Type> before = new HashMap<>(bound);
    if (all(ones, others)) {
      return true;
    }
    bound = before;
    return false;
  }

  private boolean all(List<Type> ones, List<Type> others) {
    if (ones.size() != others.size()) {
      return false;
    }
    for (int i = 0; i < ones.size(); i++) {
      if (!fits(ones.get(i), others.get(i))) {
        return false;
      }
    }
    return true;
  }

  private boolean fits(Type one, Type other) {
    if (other.kind() == Type.Kind.PARAMETER) {
      if (stands(one, other)) {
        return true;
      }
      if (bound.containsKey(other.name())) {
        return false;
      }
    }
    if (one.kind() == Type.Kind.PARAMETER) {
      return stands(other, one);
    }
    if (isLoose(one) || isLoose(other)) {
      return true;
    }
    if (one.kind() == Type.Kind.NULL || other.kind() == Type.Kind.NULL) {
      return mayBeNull(one.kind() == Type.Kind.NULL ? other : one);
    }
    return switch (one.kind()) {
      case TYPE -> other.kind() == Type.Kind.TYPE;
      case OPAQUE, LIST, MAP ->
          one.kind() == other.kind()
              && one.name().equals(other.name())
              && all(one.parameters(), other.parameters());
      default -> one.equals(other);
    };
  }

  private static boolean isLoose(Type type) {
    return type.kind() == Type.Kind.DYN || type.kind() == Type.Kind.ERROR;
  }

  private static boolean mayBeNull(Type type) {
    return switch (type.kind()) {
      case OPAQUE, OBJECT, DURATION, TIMESTAMP, NULL -> true;
      default -> false;
    };
  }

  /// Whether a parameter can stand for `type`.
  private boolean stands(Type type, Type parameter) {
    if (type.equals(parameter)) {
      return true;
    }
    Type known = bound.get(parameter.name());
    if (known == null) {
      if (!isFree(parameter, type)) {
        return false;
      }
      bound.put(parameter.name(), type);
      return true;
    }
    if (type.equals(known)) {
      return true;
    }
    if (!fits(type, known)) {
      return false;
    }
    Type general = moreGeneral(type, known);
    if (isFree(parameter, general)) {
      bound.put(parameter.name(), general);
    }
    return true;
  }

  /// Whether a parameter is no part of a type.
  private boolean isFree(Type parameter, Type within) {
    if (parameter.equals(within)) {
      return false;
    }
    if (within.kind() == Type.Kind.PARAMETER) {
      Type known = bound.get(within.name());
      return known == null || isFree(parameter, known);
    }
    return within.parameters().stream().allMatch(part -> isFree(parameter, part));
  }

  /// The one of two types that fit each other that says less.
  static Type moreGeneral(Type one, Type other) {
    return saysNoMore(one, other) ? one : other;
  }

  private static boolean saysNoMore(Type one, Type other) {
    if (one.isDyn() || one.kind() == Type.Kind.PARAMETER) {
      return true;
    }
    if (other.isDyn() || other.kind() == Type.Kind.PARAMETER || one.kind() != other.kind()) {
      return false;
    }
    return switch (one.kind()) {
      case TYPE -> true;
      case OPAQUE, LIST, MAP -> {
        if (!one.name().equals(other.name())
            || one.parameters().size() != other.parameters().size()) {
          yield false;
        }
        for (int i = 0; i < one.parameters().size(); i++) {
          if (!saysNoMore(one.parameter(i), other.parameter(i))) {
            yield false;
          }
        }
        yield true;
      }
      default -> one.equals(other);
    };
  }

  /// A type with what its parameters stand for.
  ///
  /// @param open what becomes of those that stand for nothing: they stay, or are dynamic
  Type applied(Type type, boolean open) {
    if (type.kind() == Type.Kind.PARAMETER) {
      Type known = bound.get(type.name());
      if (known != null) {
        return applied(known, open);
      }
      return open ? type : Type.DYN;
    }
    if (type.parameters().isEmpty()) {
      return type;
    }
    List<Type> parts = new ArrayList<>(type.parameters().size());
    boolean changed = false;
    for (Type part : type.parameters()) {
      Type after = applied(part, open);
      changed |= after != part;
      parts.add(after);
    }
    return changed ? type.with(List.copyOf(parts)) : type;
  }

  /// A type with its parameters renamed.
  static Type renamed(Type type, Map<String, Type> names) {
    if (type.kind() == Type.Kind.PARAMETER) {
      return names.getOrDefault(type.name(), type);
    }
    if (type.parameters().isEmpty()) {
      return type;
    }
    return type.with(type.parameters().stream().map(part -> renamed(part, names)).toList());
  }
}
