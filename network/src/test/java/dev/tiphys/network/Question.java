package dev.tiphys.network;

/// What a server is asked by a test, again and again until it says what is expected.
public interface Question {

  /// What is answered.
  String answer() throws Exception;

  /// What is answered; `refused` if that can't be had: a port that is not open yet is no fault.
  static String refusedOr(Question question) {
    try {
      return question.answer();
    } catch (Exception | AssertionError e) {
      return "refused";
    }
  }

  /// Waits until something says what is expected, and tells what it said instead, or why it said
  /// nothing.
  static void becomes(LiveApi api, String expected, Question question) throws Exception {
    Object[] last = {""};
    try {
      api.eventually(
          () -> {
            try {
              last[0] = question.answer();
            } catch (Exception | AssertionError e) {
              last[0] = e;
            }
            return expected.equals(last[0] instanceof Throwable ? "refused" : last[0]);
          });
    } catch (AssertionError e) {
      AssertionError failure =
          new AssertionError("expected <" + expected + "> and got <" + last[0] + ">", e);
      if (last[0] instanceof Throwable refusal) {
        failure.addSuppressed(refusal);
      }
      throw failure;
    }
  }
}
