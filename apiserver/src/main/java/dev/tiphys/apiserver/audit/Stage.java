package dev.tiphys.apiserver.audit;

/// How far a request has come when an event is made of it.
public enum Stage {
  REQUEST_RECEIVED("RequestReceived"),
  /// The head of the answer is sent, and its content goes on for long.
  RESPONSE_STARTED("ResponseStarted"),
  RESPONSE_COMPLETE("ResponseComplete"),
  /// Serving it failed in a way that must not be.
  PANIC("Panic");

  private final String word;

  Stage(String word) {
    this.word = word;
  }

  /// As events and policies have it.
  public String word() {
    return word;
  }
}
