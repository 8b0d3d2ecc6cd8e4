package dev.tiphys.network.router.log;

import dev.tiphys.network.router.message.RequestHead;
import dev.tiphys.network.router.proxy.Observer.Served;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// A request as ingress-nginx logs it: address, user, time, request, status, bytes, referrer,
/// agent, length, seconds, name of the backend and of another one, endpoint, its bytes, seconds and
/// status, and the request's id.
///
/// What clients use as secrets is not in it: no header but those two, no user, and of queries the
/// names without their values. What they send can't end a line or a quoted part of it.
final class LogLine {

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("dd/MMM/yyyy:HH:mm:ss Z", Locale.ROOT)
          .withZone(ZoneId.systemDefault());

  private static final int LONGEST = 2048; // of one value that a client has sent

  private LogLine() {}

  static String of(Served request, Instant now) {
    RequestHead head = request.head();
    StringBuilder line = new StringBuilder(256);
    line.append(request.client() == null ? "-" : request.client().getHostAddress())
        .append(" - - [")
        .append(TIME.format(now))
        .append("] \"");
    escape(line, request.method());
    line.append(' ');
    withoutValues(line, head == null ? request.path() : head.target());
    line.append(' ').append(request.protocol()).append("\" ").append(request.status());
    line.append(' ').append(request.sent()).append(" \"");
    withoutValues(line, header(head, "referer"));
    line.append("\" \"");
    escape(line, header(head, "user-agent"));
    String seconds = seconds(request.span().toMillis());
    boolean passed = !request.endpoint().isEmpty();
    line.append("\" ").append(request.received()).append(' ').append(seconds).append(" [");
    escape(line, request.backend());
    line.append("] [] ").append(passed ? request.endpoint() : "-").append(' ');
    line.append(passed ? Long.toString(request.sent()) : "-").append(' ');
    line.append(passed ? seconds : "-").append(' ');
    line.append(passed ? Integer.toString(request.status()) : "-").append(' ');
    escape(line, header(head, "x-request-id"));
    return line.append('\n').toString();
  }

  private static String seconds(long millis) {
    return String.format(Locale.ROOT, "%d.%03d", millis / 1000, millis % 1000);
  }

  private static String header(@Nullable RequestHead head, String name) {
    String value = head == null ? null : head.header(name);
    return value == null || value.isEmpty() ? "-" : value;
  }

  private static void withoutValues(StringBuilder line, String url) {
    int query = url.indexOf('?');
    if (query < 0) {
      escape(line, url);
      return;
    }
    escape(line, url.substring(0, query));
    char before = '?';
    for (String each : url.substring(query + 1).split("&", -1)) {
      line.append(before);
      int value = each.indexOf('=');
      escape(line, value < 0 ? each : each.substring(0, value + 1));
      before = '&';
    }
  }

  /// As nginx does: what is no printable ASCII, quotes and backslashes by their number.
  private static void escape(StringBuilder line, String text) {
    String some = text.length() > LONGEST ? text.substring(0, LONGEST) : text;
    for (byte each : some.getBytes(StandardCharsets.UTF_8)) {
      if (each < 0x20 || each == 0x7f || each == '"' || each == '\\') {
        line.append(String.format(Locale.ROOT, "\\x%02X", each));
      } else {
        line.append((char) each);
      }
    }
  }
}
