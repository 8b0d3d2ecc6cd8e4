package dev.tiphys.client.controller;

import java.time.Duration;

/// What a work queue does after one reconciliation. Closed: a new case must be answered everywhere.
///
/// Each outcome takes the place of the one before: a look that was to come again later does not, if
/// another came first and says otherwise.
///
/// A reconciliation that throws is tried again with back-off.
public sealed interface Outcome {

  /// Nothing, until something happens to the object.
  record Done() implements Outcome {}

  /// Look again after a while.
  record Again(Duration after) implements Outcome {}

  /// Look again, after the back-off that grows with every such outcome.
  record Retry() implements Outcome {}

  Outcome DONE = new Done();
  Outcome RETRY = new Retry();

  static Outcome again(Duration after) {
    return new Again(after);
  }
}
