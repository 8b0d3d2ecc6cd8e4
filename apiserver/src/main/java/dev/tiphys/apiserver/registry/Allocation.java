package dev.tiphys.apiserver.registry;

import dev.tiphys.object.Struct;

/// What an object was given from a limited supply before it is written. Exactly one of [#commit]
/// and [#release] is called; neither if it is not known whether the object was written.
public interface Allocation {

  /// The object with what it was given.
  Struct object();

  /// The object was written: it keeps what it was given, and what it no longer has is free.
  void commit();

  /// The object was not written: what it was given is free again.
  void release();

  /// The allocation of an object that is given nothing.
  static Allocation none(Struct object) {
    return new Allocation() {
      @Override
      public Struct object() {
        return object;
      }

      @Override
      public void commit() {}

      @Override
      public void release() {}
    };
  }
}
