package dev.tiphys.object;

/// JSON's null, where a tree must say it: in patches, and in fields whose emptiness is spelled out.
public enum Null {
  NULL;

  @Override
  public String toString() {
    return "null";
  }
}
