package dev.tiphys.monitoring.metricsapi;

import dev.tiphys.object.api.ApiException;
import dev.tiphys.object.api.Reason;
import dev.tiphys.object.selector.LabelSelector;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// The query of a request.
///
/// @param parameters the last value of each, decoded
public record RequestQuery(Map<String, String> parameters) {

  public RequestQuery {
    parameters = Map.copyOf(parameters);
  }

  /// @param query as it stands behind the path
  public static RequestQuery of(String query) {
    Map<String, String> parameters = new HashMap<>();
    for (String part : query.split("&")) {
      int at = part.indexOf('=');
      if (at > 0) {
        parameters.put(decoded(part.substring(0, at)), decoded(part.substring(at + 1)));
      }
    }
    return new RequestQuery(parameters);
  }

  /// The parts of a path, decoded.
  public static List<String> parts(String path) {
    return Stream.of(path.split("/")).map(RequestQuery::decoded).toList();
  }

  static String decoded(String text) {
    return URLDecoder.decode(text, StandardCharsets.UTF_8);
  }

  /// What a parameter says; empty if it is not there.
  public String get(String name) {
    return parameters.getOrDefault(name, "");
  }

  /// A parameter that is a selector of labels.
  ///
  /// @throws ApiException if it is none
  public LabelSelector selector(String name) {
    try {
      return LabelSelector.parse(get(name));
    } catch (IllegalArgumentException e) {
      throw ApiException.of(Reason.BAD_REQUEST, String.valueOf(e.getMessage()));
    }
  }
}
