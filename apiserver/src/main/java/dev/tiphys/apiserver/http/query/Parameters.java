package dev.tiphys.apiserver.http.query;

import dev.tiphys.object.api.ApiException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The parameters in a request's query.
public final class Parameters {

  private final Map<String, List<String>> values = new HashMap<>();

  public Parameters(String query) {
    if (query.isEmpty()) {
      return;
    }
    for (String part : query.split("&")) {
      int equals = part.indexOf('=');
      String name = equals < 0 ? part : part.substring(0, equals);
      String value = equals < 0 ? "" : part.substring(equals + 1);
      add(name, value);
    }
  }

  /// A parameter with a percent sign that is not followed by two digits is left out, as in
  /// upstream.
  private void add(String name, String value) {
    try {
      String decoded = decoded(value);
      values.computeIfAbsent(decoded(name), _ -> new ArrayList<>(1)).add(decoded);
    } catch (IllegalArgumentException e) {
      // see above
    }
  }

  private static String decoded(String text) {
    return text.indexOf('%') < 0 && text.indexOf('+') < 0
        ? text
        : URLDecoder.decode(text, StandardCharsets.UTF_8);
  }

  public boolean has(String name) {
    return values.containsKey(name);
  }

  /// The first value, or "".
  public String text(String name) {
    List<String> all = values.get(name);
    return all == null ? "" : all.getFirst();
  }

  public List<String> all(String name) {
    return values.getOrDefault(name, List.of());
  }

  public boolean isTrue(String name) {
    String value = text(name);
    return has(name) && !value.equalsIgnoreCase("false") && !value.equals("0");
  }

  /// A number, or `fallback` if there is none.
  public long number(String name, long fallback) {
    String value = text(name);
    if (value.isEmpty()) {
      return fallback;
    }
    try {
      return Long.parseLong(value);
    } catch (NumberFormatException e) {
      boolean digits = value.matches("[-+]?\\d+");
      throw ApiException.badRequest(
          "strconv.ParseInt: parsing \""
              + value
              + "\": "
              + (digits ? "value out of range" : "invalid syntax"));
    }
  }
}
