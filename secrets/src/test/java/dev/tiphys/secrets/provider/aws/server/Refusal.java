package dev.tiphys.secrets.provider.aws.server;

/// A request is answered with an error.
final class Refusal extends RuntimeException {

  private static final long serialVersionUID = 1;

  final int status;
  final String code;

  Refusal(int status, String code, String message) {
    super(message);
    this.status = status;
    this.code = code;
  }

  Refusal(String code, String message) {
    this(400, code, message);
  }
}
