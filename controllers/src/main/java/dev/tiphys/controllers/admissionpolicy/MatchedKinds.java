package dev.tiphys.controllers.admissionpolicy;

import dev.tiphys.cel.Type;
import dev.tiphys.client.Api;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.object.api.Reason;
import dev.tiphys.schema.GroupVersion;
import dev.tiphys.schema.expressions.ApiDescription;
import dev.tiphys.schema.expressions.TypeCheck;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// The kinds that a policy is about, as far as it names them: rules with an asterisk for groups or
/// versions are left out, and so are subresources.
///
/// Threads: one. What a version looks like is asked for once.
final class MatchedKinds {

  /// Of how many kinds a policy is checked at most.
  private static final int MOST = 10;

  private static final Comparator<Named> ORDER =
      Comparator.comparing(Named::version).thenComparing(Named::kind);

  private final Api api;
  private final Map<GroupVersion, ApiDescription> descriptions = new HashMap<>();

  private record Named(GroupVersion version, String kind) {}

  MatchedKinds(Api api) {
    this.api = api;
  }

  /// The kinds of the rules of a policy's spec.
  List<TypeCheck.Kind> of(Struct spec) {
    List<TypeCheck.Kind> kinds = new ArrayList<>();
    for (Named each : named(spec.structs("matchConstraints", "resourceRules"))) {
      Type type = describe(each.version).type(each.kind);
      if (type != null) {
        kinds.add(new TypeCheck.Kind(each.version, each.kind, type));
      }
    }
    return kinds;
  }

  /// The type of what a policy is set with; null if that is not known.
  @Nullable Type params(Struct kind) {
    return kind.isEmpty()
        ? null
        : describe(GroupVersion.parse(kind.string("apiVersion"))).type(kind.string("kind"));
  }

  private TreeSet<Named> named(List<Struct> rules) {
    TreeSet<Named> found = new TreeSet<>(ORDER);
    for (Struct rule : rules) {
      List<String> groups = rule.strings("apiGroups");
      List<String> versions = rule.strings("apiVersions");
      if (groups.stream().anyMatch(MatchedKinds::isWild)
          || versions.stream().anyMatch(MatchedKinds::isWild)) {
        continue;
      }
      int count = 0;
      for (String group : groups.stream().sorted().toList()) {
        for (String version : versions.stream().sorted().toList()) {
          for (String resource : rule.strings("resources").stream().sorted().toList()) {
            Named kind = kind(new GroupVersion(group, version), resource);
            if (kind != null) {
              found.add(kind);
              if (++count == MOST) {
                return found;
              }
            }
          }
        }
      }
    }
    return found;
  }

  private static boolean isWild(String text) {
    return text.contains("*");
  }

  /// The kind of a resource; null if there is none.
  private @Nullable Named kind(GroupVersion version, String resource) {
    String kind =
        isWild(resource) || resource.contains("/") ? null : describe(version).kind(resource);
    return kind == null ? null : new Named(version, kind);
  }

  private ApiDescription describe(GroupVersion version) {
    return descriptions.computeIfAbsent(
        version, _ -> new ApiDescription(version, documentOf(version)));
  }

  /// Empty if the version is not served, or can't be described.
  private Struct documentOf(GroupVersion version) {
    try {
      return api.describe(version);
    } catch (ApiException e) {
      if (e.is(Reason.NOT_FOUND) || e.is(Reason.SERVICE_UNAVAILABLE)) {
        return Struct.EMPTY;
      }
      throw e;
    }
  }
}
