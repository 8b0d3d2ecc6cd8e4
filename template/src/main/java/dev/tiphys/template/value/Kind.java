package dev.tiphys.template.value;

/// What kind of a type a type is, as far as templates treat kinds alike.
public enum Kind {
  BOOL,
  INT,
  UINT,
  FLOAT,
  STRING,
  SLICE,
  MAP,
  STRUCT,
  POINTER,
  INTERFACE
}
