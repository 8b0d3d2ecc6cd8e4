package dev.tiphys.apiserver.http.query;

import dev.tiphys.object.api.ApiException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The parameter `timeout` of a request: a span such as `30s` or `1m30s`. It is checked, not acted
/// on: what bounds a request are the timeouts of its connection.
public final class RequestTimeout {

  private static final Pattern SPAN =
      Pattern.compile("[-+]?(0|((\\d+(\\.\\d*)?|\\.\\d+)[^\\d.]+)+)");
  private static final Pattern PART = Pattern.compile("[\\d.]+([^\\d.]+)");
  private static final Pattern UNIT = Pattern.compile("ns|us|µs|μs|ms|s|m|h");
  private static final Pattern BARE =
      Pattern.compile("[-+]?([\\d.]+[^\\d.]+)*(\\d+(\\.\\d*)?|\\.\\d+)");

  private RequestTimeout() {}

  /// @throws ApiException `BAD_REQUEST` if it is no span
  public static void check(Parameters parameters) {
    String text = parameters.text("timeout");
    if (text.isEmpty() || text.matches("[-+]?0")) {
      return;
    }
    String fault = "";
    if (BARE.matcher(text).matches()) {
      fault = "missing unit in duration \"" + text + '"';
    } else if (!SPAN.matcher(text).matches()) {
      fault = "invalid duration \"" + text + '"';
    } else {
      Matcher parts = PART.matcher(text);
      while (fault.isEmpty() && parts.find()) {
        if (!UNIT.matcher(parts.group(1)).matches()) {
          fault = "unknown unit \"" + parts.group(1) + "\" in duration \"" + text + '"';
        }
      }
    }
    if (!fault.isEmpty()) {
      throw ApiException.badRequest(
          "invalid timeout specified in the request URL - time: " + fault);
    }
  }
}
