package dev.tiphys.node.server;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The parameters of a request.
final class Query {

  private final Map<String, List<String>> values = new HashMap<>();

  /// @param text the query as it was sent
  Query(String text) {
    for (String pair : text.split("&")) {
      int equals = pair.indexOf('=');
      String name = equals < 0 ? pair : pair.substring(0, equals);
      if (!name.isEmpty()) {
        values
            .computeIfAbsent(decoded(name), _ -> new ArrayList<>())
            .add(equals < 0 ? "" : decoded(pair.substring(equals + 1)));
      }
    }
  }

  private static String decoded(String text) {
    return URLDecoder.decode(text, StandardCharsets.UTF_8);
  }

  List<String> all(String name) {
    return values.getOrDefault(name, List.of());
  }

  private String first(String name) {
    List<String> all = all(name);
    return all.isEmpty() ? "" : all.getFirst();
  }

  boolean isTrue(String name) {
    String value = first(name);
    return value.equals("1") || value.equalsIgnoreCase("true");
  }

  /// @param usual if the parameter is not there
  long number(String name, long usual) throws Refusal {
    String value = first(name);
    try {
      return value.isEmpty() ? usual : Long.parseLong(value);
    } catch (NumberFormatException e) {
      throw Refusal.badRequest("%s must be a number: \"%s\"".formatted(name, value));
    }
  }

  @Nullable Instant time(String name) throws Refusal {
    String value = first(name);
    try {
      return value.isEmpty() ? null : OffsetDateTime.parse(value).toInstant();
    } catch (DateTimeParseException e) {
      throw Refusal.badRequest("%s must be a time: \"%s\"".formatted(name, value));
    }
  }
}
