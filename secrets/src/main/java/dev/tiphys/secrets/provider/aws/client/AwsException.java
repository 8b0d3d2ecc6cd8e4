package dev.tiphys.secrets.provider.aws.client;

import dev.tiphys.secrets.provider.StoreException;
import java.util.Set;

/// A service answered with an error, or not at all. The message has no request id, so that the same
/// failure reads the same each time, and nothing of what the request was signed with.
public final class AwsException extends StoreException {

  private static final long serialVersionUID = 1;

  private static final Set<String> SKEWED =
      Set.of("RequestTimeTooSkewed", "RequestExpired", "RequestInTheFuture");
  private static final Set<String> EXPIRED = Set.of("ExpiredToken", "ExpiredTokenException");
  private static final Set<String> PASSING =
      Set.of(
          "Throttling",
          "ThrottlingException",
          "ThrottledException",
          "RequestThrottled",
          "RequestThrottledException",
          "TooManyRequestsException",
          "RequestLimitExceeded",
          "BandwidthLimitExceeded",
          "SlowDown",
          "PriorRequestNotComplete",
          "TransactionInProgressException",
          "RequestTimeout",
          "RequestTimeoutException",
          "IDPCommunicationError",
          "InternalServiceError");
  private static final int TOO_MANY = 429;
  private static final int SERVER = 500;

  private final String code;
  private final int status;
  private final String detail;

  /// @param place which operation of which service
  /// @param status zero if there was no answer
  /// @param code of the error; empty if it has none
  /// @param detail what was said, cleaned
  AwsException(String place, int status, String code, String detail) {
    super(place + ", " + (status == 0 ? detail : answered(status, code, detail)));
    this.code = code;
    this.status = status;
    this.detail = detail;
  }

  private static String answered(int status, String code, String detail) {
    return "https response error StatusCode: %d, api error %s: %s"
        .formatted(status, code.isEmpty() ? "UnknownError" : code, detail);
  }

  /// Whether it is an error of this code: `ResourceNotFoundException`.
  public boolean is(String wanted) {
    return code.equals(wanted);
  }

  /// What the service said of it.
  public String detail() {
    return detail;
  }

  /// Whether the clocks of the two sides differ too much.
  boolean isOfClock() {
    return SKEWED.contains(code)
        || code.equals("InvalidSignatureException")
            && (detail.contains("expired") || detail.contains("not yet current"));
  }

  /// Whether the credentials are over.
  boolean isOfExpiry() {
    return EXPIRED.contains(code);
  }

  /// Whether the same request may well succeed a little later.
  boolean isPassing() {
    return status == 0 || status == TOO_MANY || status >= SERVER || PASSING.contains(code);
  }
}
