package dev.tiphys.node.spec;

import dev.tiphys.node.pod.Pod;
import dev.tiphys.node.pod.PodContainer;
import dev.tiphys.object.Quantity;
import dev.tiphys.object.Struct;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// What a Pod can be told about itself: the downward API.
///
/// @param pod the Pod
/// @param podAddresses its addresses; none if it has none yet
/// @param hostAddresses the node's
/// @param allocatable what the node has for Pods, by resource: the limit of containers that have
///   none
public record DownwardFields(
    Pod pod,
    List<String> podAddresses,
    List<String> hostAddresses,
    Map<String, Quantity> allocatable) {
  public DownwardFields {
    podAddresses = List.copyOf(podAddresses);
    hostAddresses = List.copyOf(hostAddresses);
    allocatable = Map.copyOf(allocatable);
  }

  /// The value of a `fieldRef`.
  ///
  /// @throws StartFailure if there is no such field
  public String field(String path) throws StartFailure {
    String key = subscript(path);
    if (key != null) {
      return switch (path.substring(0, path.indexOf('['))) {
        case "metadata.labels" -> pod.meta().label(key);
        case "metadata.annotations" -> pod.meta().annotation(key);
        default -> throw unsupported(path);
      };
    }
    return switch (path) {
      case "metadata.name" -> pod.name();
      case "metadata.namespace" -> pod.namespace();
      case "metadata.uid" -> pod.uid();
      case "metadata.labels" -> lines(pod.meta().labels());
      case "metadata.annotations" -> lines(pod.meta().annotations());
      case "spec.nodeName" -> pod.spec().string("nodeName");
      case "spec.serviceAccountName" -> pod.spec().string("serviceAccountName");
      case "status.hostIP" -> hostAddresses.isEmpty() ? "" : hostAddresses.getFirst();
      case "status.hostIPs" -> String.join(",", hostAddresses);
      case "status.podIP" -> podAddresses.isEmpty() ? "" : podAddresses.getFirst();
      case "status.podIPs" -> String.join(",", podAddresses);
      default -> throw unsupported(path);
    };
  }

  /// The value of a `resourceFieldRef`.
  ///
  /// @param container which container's, if the reference does not say
  /// @throws StartFailure if there is no such resource or container
  public String resource(Struct reference, @Nullable PodContainer container) throws StartFailure {
    String named = reference.string("containerName");
    PodContainer which = named.isEmpty() ? container : pod.container(named);
    if (which == null) {
      throw StartFailure.config("container " + named + " not found");
    }
    String resource = reference.string("resource");
    int dot = resource.indexOf('.');
    if (dot < 0) {
      throw StartFailure.config("unsupported container resource : " + resource);
    }
    String bound = resource.substring(0, dot);
    String name = resource.substring(dot + 1);
    String said = which.resource(bound, name);
    Quantity amount =
        said.isEmpty() && bound.equals("limits")
            ? allocatable.getOrDefault(name, Quantity.ZERO)
            : Quantity.from(said.isEmpty() ? null : said);
    Quantity divisor = Quantity.from(reference.get("divisor"));
    if (divisor.isZero()) {
      divisor = Quantity.of(1);
    }
    boolean fine = name.equals("cpu");
    long dividend = fine ? amount.milli() : amount.units();
    long by = fine ? divisor.milli() : divisor.units();
    return Long.toString(Math.ceilDiv(dividend, by));
  }

  private static @Nullable String subscript(String path) {
    int open = path.indexOf("['");
    return open > 0 && path.endsWith("']") ? path.substring(open + 2, path.length() - 2) : null;
  }

  private static String lines(Struct values) {
    TreeMap<String, String> sorted = new TreeMap<>();
    values.forEach((name, value) -> sorted.put(name, String.valueOf(value)));
    StringBuilder text = new StringBuilder();
    sorted.forEach(
        (name, value) -> {
          if (!text.isEmpty()) {
            text.append('\n');
          }
          text.append(name).append('=').append(quoted(value));
        });
    return text.toString();
  }

  /// A text in double quotes, with the escapes that Go writes.
  private static String quoted(String text) {
    StringBuilder quoted = new StringBuilder("\"");
    text.codePoints()
        .forEach(
            c -> {
              switch (c) {
                case '"' -> quoted.append("\\\"");
                case '\\' -> quoted.append("\\\\");
                case '\n' -> quoted.append("\\n");
                case '\r' -> quoted.append("\\r");
                case '\t' -> quoted.append("\\t");
                default -> {
                  if (c < ' ' || c == 0x7f) {
                    quoted.append("\\x%02x".formatted(c));
                  } else {
                    quoted.appendCodePoint(c);
                  }
                }
              }
            });
    return quoted.append('"').toString();
  }

  private static StartFailure unsupported(String path) {
    return StartFailure.config("unsupported fieldPath: " + path);
  }
}
