package dev.tiphys.apiserver.admission.matching;

import dev.tiphys.apiserver.admission.Admission;
import dev.tiphys.object.Struct;
import dev.tiphys.schema.Resource;
import java.util.List;

/// One rule of a webhook or policy: which operations it is about, on which resources.
///
/// @param resources with a slash before a subresource; `pods/*` are Pods and all below them
/// @param scope `Namespaced`, `Cluster`, or everything else for both
/// @param names of the objects; empty for all
record Rule(
    List<String> operations,
    List<String> groups,
    List<String> versions,
    List<String> resources,
    String scope,
    List<String> names) {

  private static final String ALL = "*";

  static Rule of(Struct rule) {
    return new Rule(
        rule.strings("operations"),
        rule.strings("apiGroups"),
        rule.strings("apiVersions"),
        rule.strings("resources"),
        rule.string("scope"),
        rule.strings("resourceNames"));
  }

  /// @param resource the request's, in one of its versions
  boolean matches(Incoming incoming, Resource resource) {
    Admission.Request request = incoming.request();
    return has(operations, request.operation().name())
        && has(groups, resource.group())
        && has(versions, resource.version())
        && hasResource(resource.plural(), request.subresource())
        && hasScope(incoming)
        && (names.isEmpty() || names.contains(request.name()));
  }

  private static boolean has(List<String> list, String value) {
    return list.contains(ALL) || list.contains(value);
  }

  private boolean hasResource(String plural, String subresource) {
    for (String each : resources) {
      int slash = each.indexOf('/');
      String main = slash < 0 ? each : each.substring(0, slash);
      String below = slash < 0 ? "" : each.substring(slash + 1);
      if ((main.equals(ALL) || main.equals(plural))
          && (below.equals(ALL) || below.equals(subresource))) {
        return true;
      }
    }
    return false;
  }

  private boolean hasScope(Incoming incoming) {
    boolean namespaced = !incoming.isOnNamespace() && !incoming.namespace().isEmpty();
    return switch (scope) {
      case "Namespaced" -> namespaced;
      case "Cluster" -> !namespaced;
      default -> true;
    };
  }
}
