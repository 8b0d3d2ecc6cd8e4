package dev.tiphys.node.server;

/// A request that can't be served, and why.
final class Refusal extends Exception {

  private static final long serialVersionUID = 1;

  private static final int BAD_REQUEST = 400;
  private static final int NOT_FOUND = 404;
  private static final int INTERNAL = 500;

  private final int status;

  private Refusal(int status, String text) {
    super(text, null, false, false);
    this.status = status;
  }

  static Refusal badRequest(String text) {
    return new Refusal(BAD_REQUEST, text);
  }

  static Refusal notFound(String text) {
    return new Refusal(NOT_FOUND, text);
  }

  static Refusal internal(String text) {
    return new Refusal(INTERNAL, text);
  }

  /// The HTTP status code.
  int status() {
    return status;
  }

  /// What the caller is told.
  String text() {
    return String.valueOf(getMessage());
  }
}
