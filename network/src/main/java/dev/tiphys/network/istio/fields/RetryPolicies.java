package dev.tiphys.network.istio.fields;

import dev.tiphys.network.router.table.Retries;
import dev.tiphys.network.router.table.Retries.On;
import dev.tiphys.object.Struct;
import java.time.Duration;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.IntStream;

/// Reads when requests are tried again.
///
/// By default that is where the endpoint has done nothing about the request, or said so: what the
/// application answers by itself is passed on, whatever its status.
public final class RetryPolicies {

  private static final String USUAL =
      "connect-failure,refused-stream,unavailable,cancelled,reset-before-request";

  private static final int USUAL_ATTEMPTS = 2;
  private static final Duration PAUSE = Duration.ofMillis(25);

  private RetryPolicies() {}

  /// @param route one without `retries` has the default
  public static Retries of(Struct route) {
    if (!route.has("retries")) {
      return of(USUAL_ATTEMPTS, USUAL, PAUSE);
    }
    Struct retries = route.struct("retries");
    String on = retries.string("retryOn");
    return of(
        (int) retries.integer("attempts"),
        on.isEmpty() ? USUAL : on,
        Durations.of(retries, "backoff", PAUSE));
  }

  private static Retries of(int attempts, String words, Duration pause) {
    if (attempts <= 0) {
      return Retries.NONE;
    }
    Set<On> on = EnumSet.noneOf(On.class);
    Set<Integer> statuses = new HashSet<>();
    Set<Integer> grpc = new HashSet<>();
    for (String word : words.split(",", -1)) {
      add(word.strip(), on, statuses, grpc);
    }
    return new Retries(1 + attempts, on, statuses, grpc, pause);
  }

  private static void add(String word, Set<On> on, Set<Integer> statuses, Set<Integer> grpc) {
    switch (word) {
      case "connect-failure" -> on.add(On.CONNECT);
      case "refused-stream", "reset-before-request" -> on.add(On.BROKEN);
      case "reset" -> on.addAll(Set.of(On.CONNECT, On.RESET));
      case "5xx" -> {
        on.addAll(Set.of(On.CONNECT, On.RESET));
        IntStream.range(500, 600).forEach(statuses::add);
      }
      case "gateway-error" -> {
        on.addAll(Set.of(On.CONNECT, On.RESET));
        statuses.addAll(Set.of(502, 503, 504));
      }
      case "retriable-4xx" -> statuses.add(409);
      case "cancelled" -> grpc.add(1);
      case "deadline-exceeded" -> grpc.add(4);
      case "resource-exhausted" -> grpc.add(8);
      case "internal" -> grpc.add(13);
      case "unavailable" -> grpc.add(14);
      default -> {
        if (word.matches("[1-5][0-9][0-9]")) {
          statuses.add(Integer.parseInt(word));
        }
      }
    }
  }
}
