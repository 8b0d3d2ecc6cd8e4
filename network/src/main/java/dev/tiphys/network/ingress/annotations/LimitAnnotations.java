package dev.tiphys.network.ingress.annotations;

import dev.tiphys.network.Prefix;
import java.util.List;
import java.util.OptionalLong;

/// How much a client may ask for, and how fast it is answered.
public record LimitAnnotations(AnnotationValues values) {

  /// Finds all problems now.
  void readAll() {
    contentSize();
    exempt();
    connections();
    perSecond();
    perMinute();
    burst();
    rate();
    rateAfter();
  }

  /// How large the content of requests may be; empty for any size.
  public OptionalLong contentSize() {
    String value = values.text("proxy-body-size");
    if (value == null) {
      return OptionalLong.of(1 << 20);
    }
    long size = Sizes.parse(value);
    if (size < 0) {
      values.invalid("proxy-body-size", value);
      return OptionalLong.of(1 << 20);
    }
    return size == 0 ? OptionalLong.empty() : OptionalLong.of(size);
  }

  /// Clients that limits are not for.
  public List<Prefix> exempt() {
    return values.ranges(false, "limit-allowlist", "limit-whitelist");
  }

  /// How many requests of a client may be under way; 0 for any number.
  public int connections() {
    return values.number("limit-connections", 0);
  }

  /// 0 for any number.
  public int perSecond() {
    return values.number("limit-rps", 0);
  }

  /// 0 for any number.
  public int perMinute() {
    return values.number("limit-rpm", 0);
  }

  /// How many times the requests of a second or minute may come at once.
  public int burst() {
    return Math.max(1, values.number("limit-burst-multiplier", 5));
  }

  /// How many bytes of a response are passed on in a second; 0 for any number.
  public long rate() {
    return 1024L * values.number("limit-rate", 0);
  }

  /// How many bytes of a response are passed on before the rate counts.
  public long rateAfter() {
    return 1024L * values.number("limit-rate-after", 0);
  }
}
