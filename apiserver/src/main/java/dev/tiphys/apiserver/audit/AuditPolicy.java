package dev.tiphys.apiserver.audit;

import dev.tiphys.apiserver.authorization.Attributes.Subject;
import dev.tiphys.apiserver.request.UserInfo;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What is recorded of which requests: the first rule that matches decides, and what none matches
/// is not recorded.
///
/// @param omitted the stages of which no events are made, by any rule
/// @param omitsManagers whether the records of who owns which fields are left out, unless a rule
///   says otherwise
public record AuditPolicy(List<Rule> rules, Set<Stage> omitted, boolean omitsManagers) {

  public AuditPolicy {
    rules = List.copyOf(rules);
    omitted = Set.copyOf(omitted);
  }

  /// Reads a file in upstream's form, of group `audit.k8s.io`.
  ///
  /// @throws IllegalArgumentException if it can't be used; the message says why
  public static AuditPolicy read(Path file) {
    return PolicyReader.read(file);
  }

  /// Which requests, and what of them. An empty list means any.
  ///
  /// @param omitsManagers null for what the policy says
  public record Rule(
      Level level,
      List<String> users,
      List<String> groups,
      List<String> verbs,
      List<Resources> resources,
      List<String> namespaces,
      List<String> paths,
      Set<Stage> omitted,
      @Nullable Boolean omitsManagers) {

    public Rule {
      users = List.copyOf(users);
      groups = List.copyOf(groups);
      verbs = List.copyOf(verbs);
      resources = List.copyOf(resources);
      namespaces = List.copyOf(namespaces);
      paths = List.copyOf(paths);
      omitted = Set.copyOf(omitted);
    }

    private boolean matches(@Nullable UserInfo user, String verb, Subject subject) {
      if (!users.isEmpty() && (user == null || !users.contains(user.name()))
          || !groups.isEmpty()
              && (user == null || user.groups().stream().noneMatch(groups::contains))
          || !verbs.isEmpty() && !verbs.contains(verb)) {
        return false;
      }
      boolean ofResources = !namespaces.isEmpty() || !resources.isEmpty();
      return switch (subject) {
        case Subject.OfResource resource -> ofResources ? covers(resource) : paths.isEmpty();
        case Subject.OfPath(String path) ->
            !ofResources
                && (paths.isEmpty() || paths.stream().anyMatch(each -> covers(each, path)));
      };
    }

    private boolean covers(Subject.OfResource resource) {
      return (namespaces.isEmpty() || namespaces.contains(resource.namespace()))
          && (resources.isEmpty() || resources.stream().anyMatch(each -> each.cover(resource)));
    }

    private static boolean covers(String rule, String path) {
      return rule.equals("*")
          || rule.equals(path)
          || rule.endsWith("*") && path.startsWith(rule.replaceAll("\\*+$", ""));
    }
  }

  /// Resources of a group.
  ///
  /// @param group `*` for all
  /// @param resources `pods`, `pods/log`, `pods/*`, `*/log`, `*`; none for all. A resource alone
  ///   does not cover what lies below it
  /// @param names of objects; none for all
  public record Resources(String group, List<String> resources, List<String> names) {

    public Resources {
      resources = List.copyOf(resources);
      names = List.copyOf(names);
    }

    private boolean cover(Subject.OfResource resource) {
      if (!group.equals("*") && !group.equals(resource.group())) {
        return false;
      }
      return resources.isEmpty()
          || (names.isEmpty() || names.contains(resource.name()))
              && resources.stream().anyMatch(each -> covers(each, resource));
    }

    private static boolean covers(String rule, Subject.OfResource resource) {
      String below = resource.subresource();
      return rule.equals("*")
          || rule.equals(resource.resource())
          || !below.isEmpty() && rule.equals("*/" + below)
          || rule.equals(resource.plural() + "/*");
    }
  }

  /// What is recorded of a request.
  ///
  /// @param omitted the stages of which no events are made
  /// @param omitsManagers whether the records of who owns which fields are left out
  record Recording(Level level, Set<Stage> omitted, boolean omitsManagers) {}

  /// @param user null if it is not known
  Recording of(@Nullable UserInfo user, String verb, Subject subject) {
    for (Rule rule : rules) {
      if (rule.matches(user, verb, subject)) {
        Set<Stage> stages = EnumSet.noneOf(Stage.class);
        stages.addAll(omitted);
        stages.addAll(rule.omitted);
        Boolean own = rule.omitsManagers;
        return new Recording(rule.level, stages, own == null ? omitsManagers : own);
      }
    }
    return new Recording(Level.NONE, omitted, omitsManagers);
  }
}
