package dev.tiphys.cel;

/// A value that only functions look into. Two are the same if they are equal.
public interface Opaque {

  Type type();
}
