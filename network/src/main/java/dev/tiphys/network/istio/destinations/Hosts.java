package dev.tiphys.network.istio.destinations;

import dev.tiphys.object.api.ObjectKey;
import java.util.Locale;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// What the names of hosts in objects of a namespace mean.
///
/// @param domain of the cluster, as `cluster.local`
/// @param isService whether there is a Service of that namespace and name
public record Hosts(String domain, Predicate<ObjectKey> isService) {

  /// The Service that a host names: by its name alone within its namespace, with its namespace, or
  /// with `svc` and the domain of the cluster too.
  ///
  /// @param namespace of the object that names it
  /// @return null if it names no Service, or one that can't be told from a name outside
  public @Nullable ObjectKey service(String host, String namespace) {
    String name = host.toLowerCase(Locale.ROOT);
    if (name.indexOf('.') < 0) {
      return name.isEmpty() || name.equals("*") ? null : new ObjectKey(namespace, name);
    }
    String inside = withoutSuffix(name);
    String[] parts = (inside == null ? name : inside).split("\\.", -1);
    if (parts.length != 2 || parts[0].equals("*")) {
      return null;
    }
    ObjectKey key = new ObjectKey(parts[1], parts[0]);
    return inside != null || isService.test(key) ? key : null;
  }

  private @Nullable String withoutSuffix(String name) {
    for (String suffix : new String[] {".svc." + domain, ".svc"}) {
      if (name.endsWith(suffix)) {
        return name.substring(0, name.length() - suffix.length());
      }
    }
    return null;
  }

  /// The full name of a host.
  public String full(String host, String namespace) {
    ObjectKey service = service(host, namespace);
    return service == null ? host.toLowerCase(Locale.ROOT) : full(service);
  }

  /// The full name of a Service.
  public String full(ObjectKey service) {
    return service.name() + "." + service.namespace() + ".svc." + domain;
  }

  /// Whether a pattern with a leading `*.`, or `*` alone, stands for a host.
  ///
  /// @param host its full name
  public static boolean covers(String pattern, String host) {
    String lower = pattern.toLowerCase(Locale.ROOT);
    return lower.equals("*")
        || (lower.startsWith("*.") ? host.endsWith(lower.substring(1)) : lower.equals(host));
  }

  /// Whether a host is one of the cluster by its name alone, or stands for several that may be.
  public boolean isInside(String host, String namespace) {
    String name = host.toLowerCase(Locale.ROOT);
    return name.equals("*")
        || service(name, namespace) != null
        || withoutSuffix(name) != null
        || domain.equals(name)
        || name.endsWith("." + domain);
  }
}
