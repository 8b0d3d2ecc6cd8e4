package dev.tiphys.template.value;

/// The null that an element of a map or list is, as opposed to an element that is not there, which
/// is a Java null. They differ in messages only.
public enum Nothing {
  NIL
}
