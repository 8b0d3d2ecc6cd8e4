package dev.tiphys.template.exec;

/// What is wrong with an execution, before the place is added.
final class Failure extends RuntimeException {

  private static final long serialVersionUID = 1;

  Failure(String problem) {
    super(problem, null, false, false);
  }
}
