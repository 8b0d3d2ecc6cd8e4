package dev.tiphys.cel.check;

import dev.tiphys.cel.Bytes;
import dev.tiphys.cel.Type;
import dev.tiphys.cel.Unsigned;

/// The types of what stands in a source.
final class Types {

  private Types() {}

  static Type of(Object literal) {
    return switch (literal) {
      case Boolean _ -> Type.BOOL;
      case Long _ -> Type.INT;
      case Unsigned _ -> Type.UINT;
      case Double _ -> Type.DOUBLE;
      case String _ -> Type.STRING;
      case Bytes _ -> Type.BYTES;
      default -> Type.NULL;
    };
  }
}
