package dev.tiphys.apiserver.http.media;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// A media type with its parameters (RFC 9110, 8.3.1).
///
/// @param name `application/json`, in lower case
/// @param parameters by name
public record MediaType(String name, Map<String, String> parameters) {

  public static final String JSON = "application/json";
  public static final String YAML = "application/yaml";
  public static final String PROTOBUF = "application/vnd.kubernetes.protobuf";

  public MediaType {
    parameters = Map.copyOf(parameters);
  }

  public static MediaType parse(String text) {
    String[] parts = text.split(";", -1);
    Map<String, String> parameters = new HashMap<>();
    for (int i = 1; i < parts.length; i++) {
      int equals = parts[i].indexOf('=');
      if (equals > 0) {
        String value = parts[i].substring(equals + 1).strip();
        parameters.put(
            parts[i].substring(0, equals).strip().toLowerCase(Locale.ROOT),
            value.startsWith("\"") && value.endsWith("\"") && value.length() > 1
                ? value.substring(1, value.length() - 1)
                : value);
      }
    }
    return new MediaType(parts[0].strip().toLowerCase(Locale.ROOT), parameters);
  }

  /// The types in an Accept header field, the most wanted first.
  public static List<MediaType> accepted(String header) {
    List<MediaType> types = new ArrayList<>();
    for (String part : header.split(",")) {
      if (!part.isBlank()) {
        types.add(parse(part));
      }
    }
    types.sort(Comparator.comparingDouble(type -> -type.quality()));
    return types;
  }

  private double quality() {
    try {
      return Double.parseDouble(parameter("q", "1"));
    } catch (NumberFormatException e) {
      return 0;
    }
  }

  public String parameter(String parameter, String fallback) {
    return parameters.getOrDefault(parameter, fallback);
  }

  /// Whether a type of this name would do: `*/*` and `application/*` stand for many.
  public boolean covers(String other) {
    return name.equals(other)
        || name.equals("*/*")
        || (name.endsWith("/*") && other.startsWith(name.substring(0, name.length() - 1)));
  }
}
