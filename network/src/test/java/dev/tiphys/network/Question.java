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

  /// Waits until something says what is expected, and tells what it said instead.
  static void becomes(LiveApi api, String expected, Question question) throws Exception {
    String[] last = {""};
    try {
      api.eventually(
          () -> {
            last[0] = refusedOr(question);
            return last[0].equals(expected);
          });
    } catch (AssertionError e) {
      throw new AssertionError("expected <" + expected + "> and got <" + last[0] + ">", e);
    }
  }
}
