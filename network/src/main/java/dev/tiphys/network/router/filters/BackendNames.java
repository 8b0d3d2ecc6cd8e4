package dev.tiphys.network.router.filters;

import dev.tiphys.network.router.table.Filter;
import dev.tiphys.network.router.table.Passage;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Puts names that clients know in the place of those that an endpoint uses of itself in its
/// responses.
///
/// @param location what the address begins with that a client is sent to; null for none
/// @param domain of cookies; null for none
/// @param path what the paths of cookies begin with; null for none
public record BackendNames(
    @Nullable Change location, @Nullable Change domain, @Nullable Change path) implements Filter {

  /// One text for another.
  public record Change(String from, String to) {

    private String ofStart(String text) {
      return text.startsWith(from) ? to + text.substring(from.length()) : text;
    }
  }

  @Override
  public void filter(Passage passage) {
    passage.changeResponse(this::change);
    passage.goOn();
  }

  private void change(Passage.Headers headers) {
    Change ofLocation = location;
    if (ofLocation != null) {
      headers.set("location", headers.all("location").stream().map(ofLocation::ofStart).toList());
    }
    if (domain != null || path != null) {
      headers.set("set-cookie", headers.all("set-cookie").stream().map(this::cookie).toList());
    }
  }

  private String cookie(String cookie) {
    List<String> parts = Arrays.asList(cookie.split(";", -1));
    return parts.stream().map(this::attribute).collect(Collectors.joining(";"));
  }

  private String attribute(String part) {
    int sign = part.indexOf('=');
    if (sign < 0) {
      return part;
    }
    String value = part.substring(sign + 1);
    String changed =
        switch (part.substring(0, sign).strip().toLowerCase(Locale.ROOT)) {
          case "domain" -> domain == null ? value : domain(domain, value);
          case "path" -> path == null ? value : path.ofStart(value);
          default -> value;
        };
    return part.substring(0, sign + 1) + changed;
  }

  /// Whatever dot is before it (RFC 6265, 5.2.3).
  private static String domain(Change change, String value) {
    return withoutDot(value).equalsIgnoreCase(withoutDot(change.from)) ? change.to : value;
  }

  private static String withoutDot(String domain) {
    return domain.startsWith(".") ? domain.substring(1) : domain;
  }
}
