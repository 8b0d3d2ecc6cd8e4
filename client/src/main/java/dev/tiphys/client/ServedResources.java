package dev.tiphys.client;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// What a server serves.
///
/// @param known the resources, each in one version only
/// @param failures why it is not known what some groups serve, by group and version
public record ServedResources(List<ServedResource> known, Map<String, String> failures) {

  public ServedResources {
    known = List.copyOf(known);
    failures = new TreeMap<>(failures);
  }

  /// What stands beside a version of a group whose server can't tell what it serves.
  public static String stale(String groupVersion) {
    return "stale GroupVersion discovery: " + groupVersion;
  }

  /// All failures in one message; empty if there are none.
  public String problem() {
    return failures.isEmpty()
        ? ""
        : failures.entrySet().stream()
            .map(entry -> entry.getKey() + ": " + entry.getValue())
            .collect(
                Collectors.joining(
                    ", ", "unable to retrieve the complete list of server APIs: ", ""));
  }
}
