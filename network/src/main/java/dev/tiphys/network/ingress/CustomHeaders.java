package dev.tiphys.network.ingress;

import com.google.re2j.Pattern;
import dev.tiphys.network.router.table.HeaderEdits;
import dev.tiphys.object.Struct;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Reads ConfigMaps with headers for responses.
final class CustomHeaders {

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-]+");

  private static final Pattern VALUE =
      Pattern.compile("[A-Za-z0-9_ :;.,\\\\/\"'?!(){}\\[\\]@<>=+*#$&`|~^%-]+");

  private CustomHeaders() {}

  /// @param data of the ConfigMap
  /// @return null if one of them is none that may be sent
  static @Nullable HeaderEdits read(Struct data) {
    Map<String, String> headers = new HashMap<>();
    for (String name : data.names()) {
      if (!NAME.matches(name) || !VALUE.matches(data.string(name))) {
        return null;
      }
      headers.put(name, data.string(name));
    }
    return new HeaderEdits(List.of(), headers, Map.of());
  }
}
