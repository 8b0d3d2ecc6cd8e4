package dev.tiphys.cel.eval;

import dev.tiphys.cel.Type;
import dev.tiphys.object.Null;
import dev.tiphys.object.Struct;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A struct of the object tree as a map or an object: nothing is copied. A field of an object that
/// is null is absent.
///
/// @param type a map, an object, or dynamic
record TreeMapValue(Struct tree, Type type) implements MapValue {

  @Override
  public int size() {
    return tree.size();
  }

  @Override
  public @Nullable Object find(Object key) {
    if (!(key instanceof String name)) {
      return null;
    }
    Object value = tree.get(type.inTree(name));
    if (value == null || (value == Null.NULL && isObject())) {
      return null;
    }
    return Adapter.value(value, typeOf(name));
  }

  private Type typeOf(String field) {
    return switch (type.kind()) {
      case MAP -> type.parameter(1);
      case OBJECT -> {
        Type declared = type.field(field);
        yield declared == null ? Type.DYN : declared;
      }
      default -> Type.DYN;
    };
  }

  @Override
  public List<String> keys() {
    return tree.names();
  }

  @Override
  public boolean isObject() {
    return type.kind() == Type.Kind.OBJECT;
  }
}
