package dev.tiphys.secrets.provider;

/// What can be done with a store.
public enum Capabilities {
  READ_ONLY("ReadOnly"),
  WRITE_ONLY("WriteOnly"),
  READ_WRITE("ReadWrite");

  private final String text;

  Capabilities(String text) {
    this.text = text;
  }

  /// As a store's status has it.
  public String text() {
    return text;
  }

  public boolean canWrite() {
    return this != READ_ONLY;
  }
}
