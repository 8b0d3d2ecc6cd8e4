package dev.tiphys.apiserver.request;

import dev.tiphys.http.Exchange;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// The extras of a user, in headers whose names end in the extras' keys.
public final class ExtraHeaders {

  private ExtraHeaders() {}

  /// The extras in a request.
  ///
  /// @param prefix what the names of the headers begin with, in lower case
  public static Map<String, List<String>> of(Exchange exchange, String prefix) {
    Map<String, List<String>> extra = new TreeMap<>();
    for (String header : exchange.headerNames()) {
      if (header.startsWith(prefix)) {
        extra.put(decoded(header.substring(prefix.length())), exchange.headers(header));
      }
    }
    return extra;
  }

  /// The characters of a key that names of headers can't have are percent-encoded.
  private static String decoded(String key) {
    try {
      return URLDecoder.decode(key.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return key;
    }
  }
}
