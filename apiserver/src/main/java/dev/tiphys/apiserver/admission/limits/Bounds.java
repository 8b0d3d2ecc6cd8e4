package dev.tiphys.apiserver.admission.limits;

import dev.tiphys.object.Quantity;
import dev.tiphys.object.Struct;
import dev.tiphys.schema.quota.Amounts;
import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// One entry of a LimitRange, as it binds what is asked for.
///
/// @param type what it is about, as messages name it: `Container`
/// @param limit the entry
/// @param problems told what is out of bounds
record Bounds(String type, Struct limit, List<String> problems) {

  private static final BigDecimal MOST_IN_MILLI = BigDecimal.valueOf(Long.MAX_VALUE / 1000);

  void check(Map<String, Quantity> requests, Map<String, Quantity> limits) {
    Amounts.of(limit.struct("min")).forEach((name, min) -> atLeast(name, min, requests, limits));
    Amounts.of(limit.struct("max")).forEach((name, max) -> atMost(name, max, requests, limits));
    Amounts.of(limit.struct("maxLimitRequestRatio"))
        .forEach((name, ratio) -> inRatio(name, ratio, requests, limits));
  }

  /// A claim has requests alone.
  void checkRequests(Map<String, Quantity> requests) {
    Amounts.of(limit.struct("min")).forEach((name, min) -> atLeast(name, min, requests, Map.of()));
    Amounts.of(limit.struct("max"))
        .forEach(
            (name, max) -> {
              Quantity request = requests.get(name);
              if (request == null) {
                add("maximum", name, max, ".  No request is specified");
              } else if (request.compareTo(max) > 0) {
                add("maximum", name, max, ", but request is " + request);
              }
            });
  }

  private void atLeast(
      String name, Quantity min, Map<String, Quantity> requests, Map<String, Quantity> limits) {
    Quantity request = requests.get(name);
    Quantity most = limits.get(name);
    if (request == null) {
      add("minimum", name, min, ".  No request is specified");
    } else if (request.compareTo(min) < 0) {
      add("minimum", name, min, ", but request is " + request);
    } else if (most != null && most.compareTo(min) < 0) {
      add("minimum", name, min, ", but limit is " + most);
    }
  }

  private void atMost(
      String name, Quantity max, Map<String, Quantity> requests, Map<String, Quantity> limits) {
    Quantity request = requests.get(name);
    Quantity most = limits.get(name);
    if (most == null) {
      add("maximum", name, max, ".  No limit is specified");
    } else if (most.compareTo(max) > 0) {
      add("maximum", name, max, ", but limit is " + most);
    } else if (request != null && request.compareTo(max) > 0) {
      add("maximum", name, max, ", but request is " + request);
    }
  }

  private void add(String bound, String name, Quantity value, String problem) {
    problems.add("%s %s usage per %s is %s%s".formatted(bound, name, type, value, problem));
  }

  private void inRatio(
      String name, Quantity most, Map<String, Quantity> requests, Map<String, Quantity> limits) {
    String begin = "%s max limit to request ratio per %s is %s, but ".formatted(name, type, most);
    Quantity request = requests.getOrDefault(name, Quantity.ZERO);
    Quantity limited = limits.getOrDefault(name, Quantity.ZERO);
    if (request.isZero()) {
      problems.add(begin + "no request is specified or request is 0");
    } else if (limited.isZero()) {
      problems.add(begin + "no limit is specified or limit is 0");
    } else {
      double ratio = value(limited) / value(request);
      if (ratio * 1000 > most.milli()) {
        problems.add(begin + "provided ratio is " + String.format(Locale.ROOT, "%f", ratio));
      }
    }
  }

  /// In thousandths, unless that is too much.
  private static double value(Quantity amount) {
    return BigDecimal.valueOf(amount.units()).compareTo(MOST_IN_MILLI) <= 0
        ? amount.milli()
        : amount.units() * 1000.0;
  }
}
