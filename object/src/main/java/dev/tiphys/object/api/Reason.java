package dev.tiphys.object.api;

import java.util.Arrays;

/// Why a request was refused: Kubernetes' own closed vocabulary, and the HTTP status code of each.
/// See <https://kubernetes.io/docs/reference/generated/kubernetes-api/v1.36/#status-v1-meta>.
public enum Reason {
  BAD_REQUEST(400, "BadRequest"),
  UNAUTHORIZED(401, "Unauthorized"),
  FORBIDDEN(403, "Forbidden"),
  NOT_FOUND(404, "NotFound"),
  METHOD_NOT_ALLOWED(405, "MethodNotAllowed"),
  NOT_ACCEPTABLE(406, "NotAcceptable"),
  ALREADY_EXISTS(409, "AlreadyExists"),
  CONFLICT(409, "Conflict"),
  GONE(410, "Gone"),
  EXPIRED(410, "Expired"),
  REQUEST_ENTITY_TOO_LARGE(413, "RequestEntityTooLarge"),
  UNSUPPORTED_MEDIA_TYPE(415, "UnsupportedMediaType"),
  INVALID(422, "Invalid"),
  TOO_MANY_REQUESTS(429, "TooManyRequests"),
  INTERNAL_ERROR(500, "InternalError"),
  SERVER_TIMEOUT(500, "ServerTimeout"),
  STORE_READ_ERROR(500, "StorageReadError"),
  SERVICE_UNAVAILABLE(503, "ServiceUnavailable"),
  TIMEOUT(504, "Timeout"),
  /// None was given.
  UNKNOWN(500, "");

  private final int code;
  private final String word;

  Reason(int code, String word) {
    this.code = code;
    this.word = word;
  }

  /// The HTTP status code that goes with it.
  public int code() {
    return code;
  }

  /// How a Status spells it.
  public String word() {
    return word;
  }

  /// The reason that a Status spells this way.
  public static Reason of(String word) {
    return Arrays.stream(values())
        .filter(reason -> reason.word.equals(word))
        .findFirst()
        .orElse(UNKNOWN);
  }
}
