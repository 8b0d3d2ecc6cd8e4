package dev.tiphys.apiserver.streaming;

import dev.tiphys.object.api.ApiException;
import java.util.ArrayList;
import java.util.List;

/// The ports that a client wants forwarded, as the parameter `ports` names them: in one value with
/// commas between, in several, or both.
public final class PortForwardPorts {

  private static final int HIGHEST = 0xffff;

  private PortForwardPorts() {}

  /// @throws ApiException `BAD_REQUEST` if one of them is no port
  public static List<Integer> parse(List<String> values) {
    List<Integer> ports = new ArrayList<>();
    for (String value : values) {
      for (String port : value.split(",", -1)) {
        ports.add(number(port));
      }
    }
    return ports;
  }

  private static int number(String text) {
    boolean digits = !text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9');
    if (!digits) {
      throw refusal(text, "invalid syntax");
    }
    try {
      int number = Integer.parseInt(text);
      if (number <= HIGHEST) {
        return number;
      }
    } catch (NumberFormatException e) {
      // too large even for an int
    }
    throw refusal(text, "value out of range");
  }

  private static ApiException refusal(String text, String why) {
    return ApiException.badRequest(
        "cannot convert to []int32: strconv.ParseUint: parsing \"" + text + "\": " + why);
  }
}
