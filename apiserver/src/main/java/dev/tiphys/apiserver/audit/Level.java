package dev.tiphys.apiserver.audit;

/// How much is recorded of a request.
public enum Level {
  NONE("None"),
  /// Who asked for what, and the answer's code.
  METADATA("Metadata"),
  /// And the content of the request.
  REQUEST("Request"),
  /// And that of the answer.
  REQUEST_RESPONSE("RequestResponse");

  private final String word;

  Level(String word) {
    this.word = word;
  }

  /// As events and policies have it.
  public String word() {
    return word;
  }

  boolean includes(Level other) {
    return compareTo(other) >= 0;
  }
}
