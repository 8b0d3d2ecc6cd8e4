package dev.tiphys.apiserver.fairness;

import dev.tiphys.apiserver.authorization.Attributes.Subject;
import dev.tiphys.apiserver.request.UserInfo;
import dev.tiphys.object.Struct;
import java.util.Comparator;
import java.util.List;

/// Says which requests belong to a flow of its own, and which level serves them.
///
/// @param name of the object
/// @param uid of the object
/// @param level the name of the level
/// @param precedence of several that match, the one of the lowest counts
/// @param distinguisher by what flows are told apart: `ByUser`, `ByNamespace` or nothing
/// @param rules of which one must match
record FlowSchema(
    String name,
    String uid,
    String level,
    long precedence,
    String distinguisher,
    List<Rule> rules) {

  /// The order in which they are asked.
  static final Comparator<FlowSchema> ORDER =
      Comparator.comparingLong(FlowSchema::precedence).thenComparing(FlowSchema::name);

  private static final String ALL = "*";
  private static final String SERVICE_ACCOUNT = "system:serviceaccount:";

  /// Whose requests, for what.
  record Rule(List<Struct> subjects, List<ResourceRule> resources, List<PathRule> paths) {}

  record ResourceRule(
      List<String> verbs,
      List<String> groups,
      List<String> resources,
      List<String> namespaces,
      boolean clusterScope) {}

  record PathRule(List<String> verbs, List<String> urls) {}

  static FlowSchema of(Struct object) {
    Struct spec = object.struct("spec");
    return new FlowSchema(
        object.string("metadata", "name"),
        object.string("metadata", "uid"),
        spec.string("priorityLevelConfiguration", "name"),
        spec.integer("matchingPrecedence"),
        spec.string("distinguisherMethod", "type"),
        spec.structs("rules").stream().map(FlowSchema::rule).toList());
  }

  private static Rule rule(Struct rule) {
    return new Rule(
        rule.structs("subjects"),
        rule.structs("resourceRules").stream()
            .map(
                each ->
                    new ResourceRule(
                        each.strings("verbs"),
                        each.strings("apiGroups"),
                        each.strings("resources"),
                        each.strings("namespaces"),
                        each.bool("clusterScope")))
            .toList(),
        rule.structs("nonResourceRules").stream()
            .map(each -> new PathRule(each.strings("verbs"), each.strings("nonResourceURLs")))
            .toList());
  }

  boolean matches(UserInfo user, String verb, Subject subject) {
    for (Rule rule : rules) {
      if (isOf(user, rule) && isFor(verb, subject, rule)) {
        return true;
      }
    }
    return false;
  }

  /// What tells the flow of a request from the others of this schema.
  String flow(UserInfo user, Subject subject) {
    return switch (distinguisher) {
      case "ByUser" -> user.name();
      case "ByNamespace" -> subject instanceof Subject.OfResource of ? of.namespace() : "";
      default -> "";
    };
  }

  private static boolean isOf(UserInfo user, Rule rule) {
    for (Struct subject : rule.subjects) {
      boolean matches =
          switch (subject.string("kind")) {
            case "User" -> isNamed(subject.string("user", "name"), user.name());
            case "Group" -> {
              String group = subject.string("group", "name");
              yield group.equals(ALL) || user.groups().contains(group);
            }
            case "ServiceAccount" -> isServiceAccount(subject.struct("serviceAccount"), user);
            default -> false;
          };
      if (matches) {
        return true;
      }
    }
    return false;
  }

  private static boolean isNamed(String wanted, String name) {
    return wanted.equals(ALL) || wanted.equals(name);
  }

  private static boolean isServiceAccount(Struct account, UserInfo user) {
    String namespace = SERVICE_ACCOUNT + account.string("namespace") + ":";
    return user.name().startsWith(namespace)
        && isNamed(account.string("name"), user.name().substring(namespace.length()));
  }

  private static boolean isFor(String verb, Subject subject, Rule rule) {
    return switch (subject) {
      case Subject.OfResource resource -> {
        for (ResourceRule each : rule.resources) {
          if (isFor(verb, resource, each)) {
            yield true;
          }
        }
        yield false;
      }
      case Subject.OfPath(String path) -> {
        for (PathRule each : rule.paths) {
          if (has(each.verbs, verb) && isBelow(path, each.urls)) {
            yield true;
          }
        }
        yield false;
      }
    };
  }

  private static boolean isFor(String verb, Subject.OfResource resource, ResourceRule rule) {
    if (!has(rule.verbs, verb) || !has(rule.groups, resource.group())) {
      return false;
    }
    String name =
        resource.subresource().isEmpty()
            ? resource.plural()
            : resource.plural() + "/" + resource.subresource();
    if (!has(rule.resources, name)) {
      return false;
    }
    return resource.namespace().isEmpty()
        ? rule.clusterScope
        : has(rule.namespaces, resource.namespace());
  }

  /// Whether a list has a text, or stands for all.
  private static boolean has(List<String> list, String text) {
    return list.size() == 1 && list.getFirst().equals(ALL) || list.contains(text);
  }

  private static boolean isBelow(String path, List<String> urls) {
    for (String url : urls) {
      if (url.equals(ALL) || url.equals(path)) {
        return true;
      }
      String prefix = url.endsWith("*") ? url.substring(0, url.length() - 1) : url;
      if (path.startsWith(prefix.endsWith("/") ? prefix : prefix + "/")) {
        return true;
      }
    }
    return false;
  }
}
