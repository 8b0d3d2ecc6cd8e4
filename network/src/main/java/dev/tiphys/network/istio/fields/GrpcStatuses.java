package dev.tiphys.network.istio.fields;

import java.util.List;
import java.util.Locale;

/// The statuses of gRPC, by their names.
public final class GrpcStatuses {

  private static final List<String> NAMES =
      List.of(
          "OK",
          "CANCELLED",
          "UNKNOWN",
          "INVALID_ARGUMENT",
          "DEADLINE_EXCEEDED",
          "NOT_FOUND",
          "ALREADY_EXISTS",
          "PERMISSION_DENIED",
          "RESOURCE_EXHAUSTED",
          "FAILED_PRECONDITION",
          "ABORTED",
          "OUT_OF_RANGE",
          "UNIMPLEMENTED",
          "INTERNAL",
          "UNAVAILABLE",
          "DATA_LOSS",
          "UNAUTHENTICATED");

  private GrpcStatuses() {}

  /// The number of a status; that of `UNKNOWN` for a name that is none.
  ///
  /// @param name as `UNAVAILABLE`, or a number
  public static int number(String name) {
    if (name.matches("1?[0-9]")) {
      return Integer.parseInt(name);
    }
    int number = NAMES.indexOf(name.toUpperCase(Locale.ROOT));
    return number < 0 ? NAMES.indexOf("UNKNOWN") : number;
  }

  /// The status of HTTP that stands for one of gRPC.
  ///
  /// @param name as `UNAVAILABLE`, or a number
  public static int http(String name) {
    return switch (NAMES.get(Math.min(number(name), NAMES.size() - 1))) {
      case "OK" -> 200;
      case "INVALID_ARGUMENT", "FAILED_PRECONDITION", "OUT_OF_RANGE" -> 400;
      case "UNAUTHENTICATED" -> 401;
      case "PERMISSION_DENIED" -> 403;
      case "NOT_FOUND" -> 404;
      case "ALREADY_EXISTS", "ABORTED" -> 409;
      case "RESOURCE_EXHAUSTED" -> 429;
      case "CANCELLED" -> 499;
      case "UNIMPLEMENTED" -> 501;
      case "UNAVAILABLE" -> 503;
      case "DEADLINE_EXCEEDED" -> 504;
      default -> 500;
    };
  }
}
