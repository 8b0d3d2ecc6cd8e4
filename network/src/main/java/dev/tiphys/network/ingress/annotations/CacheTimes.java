package dev.tiphys.network.ingress.annotations;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/// Reads how long answers are remembered, by their statuses: `200 202 10m, 401 5m`.
final class CacheTimes {

  private CacheTimes() {}

  /// @param invalid is told if a part can't be read; then it is left out
  static Map<Integer, Duration> parse(String text, Runnable invalid) {
    Map<Integer, Duration> times = new HashMap<>();
    for (String part : text.split(",", -1)) {
      String[] words = part.strip().split(" +", -1);
      Duration span = span(words[words.length - 1]);
      for (int i = 0; i < words.length - 1; i++) {
        if (span == null || !words[i].matches("\\d{3}")) {
          span = null;
          break;
        }
        times.put(Integer.parseInt(words[i]), span);
      }
      if (span == null) {
        invalid.run();
      }
    }
    return times;
  }

  private static @org.jspecify.annotations.Nullable Duration span(String text) {
    if (!text.matches("\\d{1,6}(ms|[smhd])")) {
      return null;
    }
    long number = Long.parseLong(text.replaceAll("\\D", ""));
    return switch (text.replaceAll("\\d", "")) {
      case "ms" -> Duration.ofMillis(number);
      case "s" -> Duration.ofSeconds(number);
      case "m" -> Duration.ofMinutes(number);
      case "h" -> Duration.ofHours(number);
      default -> Duration.ofDays(number);
    };
  }
}
