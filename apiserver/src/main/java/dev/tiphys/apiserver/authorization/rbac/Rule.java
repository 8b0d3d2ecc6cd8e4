package dev.tiphys.apiserver.authorization.rbac;

import dev.tiphys.apiserver.authorization.Attributes;
import dev.tiphys.apiserver.authorization.Attributes.Subject;
import dev.tiphys.object.Struct;
import java.util.List;
import java.util.Set;

/// One rule of a role, prepared for quick answers.
///
/// Threads: any; immutable.
public final class Rule {

  private static final String ALL = "*";

  private final Struct tree;
  private final int verbs; // bits of the usual ones
  private final Set<String> otherVerbs;
  private final String[] groups;
  private final boolean allGroups;
  private final String[] resources;
  private final boolean allResources;
  private final Set<String> names;
  private final List<String> paths;

  public Rule(Struct tree) {
    this.tree = tree;
    List<String> wanted = tree.strings("verbs");
    boolean allVerbs = wanted.contains(ALL);
    int bits = allVerbs ? Action.ALL_VERBS : 0;
    for (String verb : wanted) {
      bits |= Action.bit(verb);
    }
    this.verbs = bits;
    this.otherVerbs = Set.copyOf(wanted);
    this.groups = tree.strings("apiGroups").toArray(String[]::new);
    this.allGroups = tree.strings("apiGroups").contains(ALL);
    this.resources = tree.strings("resources").toArray(String[]::new);
    this.allResources = tree.strings("resources").contains(ALL);
    this.names = Set.copyOf(tree.strings("resourceNames"));
    this.paths = tree.strings("nonResourceURLs");
  }

  /// The rule as it stands in its role.
  public Struct tree() {
    return tree;
  }

  /// Whether one of the rules allows what a request wants.
  public static boolean allow(List<Rule> rules, Attributes attributes) {
    Action action = Action.of(attributes);
    return rules.stream().anyMatch(rule -> rule.allows(action));
  }

  boolean allows(Action action) {
    boolean verb =
        verbs == Action.ALL_VERBS
            || (action.verbBit() == 0
                ? otherVerbs.contains(action.verb())
                : (verbs & action.verbBit()) != 0);
    return verb
        && switch (action.subject()) {
          case Subject.OfPath(String path) -> hasPath(path);
          case Subject.OfResource resource ->
              hasGroup(resource.group())
                  && hasResource(action)
                  && (names.isEmpty() || names.contains(resource.name()));
        };
  }

  private boolean hasGroup(String wanted) {
    if (allGroups) {
      return true;
    }
    for (String group : groups) {
      if (group.equals(wanted)) {
        return true;
      }
    }
    return false;
  }

  private boolean hasResource(Action action) {
    if (allResources) {
      return true;
    }
    for (String resource : resources) {
      if (resource.equals(action.resource())
          || !action.anyResource().isEmpty() && resource.equals(action.anyResource())) {
        return true;
      }
    }
    return false;
  }

  private boolean hasPath(String wanted) {
    for (String path : paths) {
      if (isPathWithin(wanted, path)) {
        return true;
      }
    }
    return false;
  }

  /// Whether a path is the one of a rule, or one of those that the rule's path with a `*` at its
  /// end stands for.
  static boolean isPathWithin(String path, String pattern) {
    return pattern.equals(path) || pattern.endsWith(ALL) && path.startsWith(withoutStars(pattern));
  }

  private static String withoutStars(String pattern) {
    int end = pattern.length();
    while (end > 0 && pattern.charAt(end - 1) == '*') {
      end--;
    }
    return pattern.substring(0, end);
  }
}
