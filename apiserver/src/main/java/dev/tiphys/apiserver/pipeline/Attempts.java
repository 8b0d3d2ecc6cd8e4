package dev.tiphys.apiserver.pipeline;

import dev.tiphys.http.Exchange;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/// How a sender tried to prove its identity, as the audit log says it.
final class Attempts {

  private static final String TOKEN = "access_token=";

  private Attempts() {}

  static String of(Exchange exchange) {
    List<String> methods = new ArrayList<>();
    String authorization = exchange.header("authorization");
    String[] parts = authorization == null ? new String[0] : authorization.strip().split(" ");
    if (parts.length > 1) {
      String scheme = parts[0].toLowerCase(Locale.ROOT);
      if (scheme.equals("basic") || scheme.equals("bearer")) {
        methods.add(scheme);
      }
    }
    if (Arrays.stream(exchange.query().split("&"))
        .anyMatch(each -> each.startsWith(TOKEN) && each.length() > TOKEN.length())) {
      methods.add("access_token");
    }
    if (!exchange.certificates().isEmpty()) {
      methods.add("x509");
    }
    return methods.isEmpty()
        ? "Authentication failed, no credentials provided"
        : "Authentication failed, attempted: " + String.join(", ", methods);
  }
}
