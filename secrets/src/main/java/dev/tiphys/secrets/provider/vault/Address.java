package dev.tiphys.secrets.provider.vault;

import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;

/// The addresses of requests.
final class Address {

  /// What stands for itself in a path.
  private static final String PLAIN = "-_.~$&+,:;=@";

  private Address() {}

  /// Where a request goes: below the server's own path, with no empty step and none back.
  static URI of(URI server, Call call) {
    StringBuilder text = new StringBuilder();
    text.append(server.getScheme()).append("://").append(server.getRawAuthority());
    String base = server.getPath() == null ? "" : server.getPath();
    for (String step : steps(base + "/v1/" + call.path())) {
      text.append('/');
      escape(step, text);
    }
    List<String> query = new ArrayList<>();
    for (Map.Entry<String, String> each : call.query()) {
      query.add(encoded(each.getKey()) + "=" + encoded(each.getValue()));
    }
    if (!query.isEmpty()) {
      text.append('?').append(String.join("&", query));
    }
    return URI.create(text.toString());
  }

  private static Deque<String> steps(String path) {
    Deque<String> steps = new ArrayDeque<>();
    for (String step : path.split("/", -1)) {
      switch (step) {
        case "", "." -> {}
        case ".." -> steps.pollLast();
        default -> steps.add(step);
      }
    }
    return steps;
  }

  private static void escape(String step, StringBuilder text) {
    for (byte each : step.getBytes(StandardCharsets.UTF_8)) {
      boolean plain = each > 0 && (Character.isLetterOrDigit(each) || PLAIN.indexOf(each) >= 0);
      if (plain) {
        text.append((char) each);
      } else {
        text.append('%').append("%02X".formatted(each & 0xff));
      }
    }
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
