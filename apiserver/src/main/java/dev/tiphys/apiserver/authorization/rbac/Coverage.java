package dev.tiphys.apiserver.authorization.rbac;

import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.schema.validation.GoText;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Whether rules allow all that other rules allow.
public final class Coverage {

  private static final String ALL = "*";

  private Coverage() {}

  /// What of `wanted` the rules of `held` do not cover, each in a rule of its own with one verb,
  /// one resource and one name, or one path.
  public static List<Struct> missing(List<Struct> held, List<Struct> wanted) {
    List<Struct> missing = new ArrayList<>();
    for (Struct rule : wanted) {
      for (Struct single : singles(rule)) {
        if (held.stream().noneMatch(each -> covers(each, single))) {
          missing.add(single);
        }
      }
    }
    return missing;
  }

  private static List<Struct> singles(Struct rule) {
    List<Struct> singles = new ArrayList<>();
    List<String> names = rule.strings("resourceNames");
    for (String group : rule.strings("apiGroups")) {
      for (String resource : rule.strings("resources")) {
        for (String verb : rule.strings("verbs")) {
          Struct single =
              new StructBuilder()
                  .add("apiGroups", List.of(group))
                  .add("resources", List.of(resource))
                  .add("verbs", List.of(verb))
                  .build();
          if (names.isEmpty()) {
            singles.add(single);
          }
          names.forEach(name -> singles.add(single.with("resourceNames", List.of(name))));
        }
      }
    }
    for (String path : rule.strings("nonResourceURLs")) {
      for (String verb : rule.strings("verbs")) {
        singles.add(Struct.of("nonResourceURLs", List.of(path), "verbs", List.of(verb)));
      }
    }
    return singles;
  }

  private static boolean covers(Struct held, Struct single) {
    List<String> names = held.strings("resourceNames");
    List<String> wanted = single.strings("resourceNames");
    return has(held, single, "verbs")
        && has(held, single, "apiGroups")
        && coversResources(held.strings("resources"), single.strings("resources"))
        && (names.isEmpty() || !wanted.isEmpty() && names.containsAll(wanted))
        && single.strings("nonResourceURLs").stream()
            .allMatch(
                path ->
                    held.strings("nonResourceURLs").stream()
                        .anyMatch(pattern -> Rule.isPathWithin(path, pattern)));
  }

  private static boolean has(Struct held, Struct single, String field) {
    List<String> all = held.strings(field);
    return all.contains(ALL) || all.containsAll(single.strings(field));
  }

  private static boolean coversResources(List<String> held, List<String> wanted) {
    for (String resource : wanted) {
      int slash = resource.indexOf('/');
      boolean covered =
          held.contains(ALL)
              || held.contains(resource)
              || slash >= 0 && held.contains("*" + resource.substring(slash));
      if (!covered) {
        return false;
      }
    }
    return true;
  }

  /// Rules in words, one a line, with the verbs for the same thing put together.
  static String described(List<Struct> rules) {
    Map<Struct, List<String>> verbs = new LinkedHashMap<>();
    List<Struct> described = new ArrayList<>();
    for (Struct rule : rules) {
      if (rule.has("nonResourceURLs")) {
        described.add(rule);
      } else {
        verbs
            .computeIfAbsent(rule.without("verbs"), _ -> new ArrayList<>())
            .addAll(rule.strings("verbs"));
      }
    }
    verbs.forEach((rule, all) -> described.add(rule.with("verbs", List.copyOf(all))));
    return String.join(
        "\n", described.stream().map(Coverage::described).distinct().sorted().toList());
  }

  private static String described(Struct rule) {
    List<String> parts = new ArrayList<>();
    describe(rule, "apiGroups", "APIGroups", parts);
    describe(rule, "resources", "Resources", parts);
    describe(rule, "nonResourceURLs", "NonResourceURLs", parts);
    describe(rule, "resourceNames", "ResourceNames", parts);
    describe(rule, "verbs", "Verbs", parts);
    return "{" + String.join(", ", parts) + "}";
  }

  private static void describe(Struct rule, String field, String title, List<String> parts) {
    List<String> values = rule.strings(field);
    if (!values.isEmpty()) {
      parts.add(title + ":" + quoted(values));
    }
  }

  /// Texts as upstream's messages show a list of them: `["a" "b"]`.
  static String quoted(List<String> texts) {
    return "[" + String.join(" ", texts.stream().map(GoText::quoted).toList()) + "]";
  }
}
