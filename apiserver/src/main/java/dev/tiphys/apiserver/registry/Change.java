package dev.tiphys.apiserver.registry;

import dev.tiphys.object.Struct;
import java.util.function.BinaryOperator;

/// What an update makes of an object's present state.
///
/// It may be asked several times: each time another writer was faster, with the state that one
/// left.
public interface Change {
  Struct apply(Struct old);

  /// Whether it can be meant for any state, so that its writer need not name the one it replaces: a
  /// patch can, an object in place of another can't.
  default boolean isUnconditional() {
    return false;
  }

  /// Whether it makes the object if there is none: an applied one is made.
  default boolean creates() {
    return false;
  }

  /// What of an admitted object is written: of one that is written through a subresource, the part
  /// that can be written through it.
  default Struct taken(Struct admitted, Struct old) {
    return admitted;
  }

  /// The same change, of which a part is written.
  ///
  /// @param take the present state with the part of the other one that may be written
  static Change ofPart(Change change, BinaryOperator<Struct> take) {
    return new Change() {
      @Override
      public Struct apply(Struct old) {
        return change.apply(old);
      }

      @Override
      public boolean isUnconditional() {
        return change.isUnconditional();
      }

      @Override
      public boolean creates() {
        return change.creates();
      }

      @Override
      public Struct taken(Struct admitted, Struct old) {
        return take.apply(old, admitted);
      }
    };
  }

  /// A change that can be meant for any state.
  static Change unconditional(Change change) {
    return new Unconditional(change, false);
  }

  /// A change that can be meant for any state, and for none: then its old state is empty.
  static Change creating(Change change) {
    return new Unconditional(change, true);
  }

  /// @param change what it does
  record Unconditional(Change change, boolean creates) implements Change {
    @Override
    public Struct apply(Struct old) {
      return change.apply(old);
    }

    @Override
    public boolean isUnconditional() {
      return true;
    }
  }
}
