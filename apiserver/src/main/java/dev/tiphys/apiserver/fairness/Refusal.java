package dev.tiphys.apiserver.fairness;

/// Why a request gets no turn.
enum Refusal {
  CONCURRENCY_LIMIT("concurrency-limit"),
  QUEUE_FULL("queue-full"),
  TIME_OUT("time-out"),
  CANCELLED("cancelled");

  private final String word;

  Refusal(String word) {
    this.word = word;
  }

  /// How metrics spell it.
  String word() {
    return word;
  }
}
