package dev.tiphys.cel.eval;

import dev.tiphys.cel.Type;
import java.util.AbstractList;
import java.util.List;
import java.util.RandomAccess;

/// A list of the object tree: elements become values as they are looked at.
final class TreeList extends AbstractList<Object> implements RandomAccess {

  private final List<?> tree;
  private final Type type;
  private final Type element;

  /// @param type a list, or dynamic
  TreeList(List<?> tree, Type type) {
    this.tree = tree;
    this.type = type;
    this.element = type.kind() == Type.Kind.LIST ? type.parameter(0) : Type.DYN;
  }

  Type type() {
    return type;
  }

  @Override
  public Object get(int index) {
    return Adapter.value(tree.get(index), element);
  }

  @Override
  public int size() {
    return tree.size();
  }
}
