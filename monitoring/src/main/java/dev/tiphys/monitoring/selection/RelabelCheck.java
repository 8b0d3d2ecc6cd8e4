package dev.tiphys.monitoring.selection;

import com.google.re2j.PatternSyntaxException;
import dev.tiphys.monitoring.model.Version;
import dev.tiphys.object.Struct;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/// Which relabelings a version of Prometheus takes.
///
/// @param version of the Prometheus that is to run them
record RelabelCheck(Version version) {

  private static final Pattern LABEL = Pattern.compile("[a-zA-Z_][a-zA-Z0-9_]*");
  private static final Pattern TEMPLATE =
      Pattern.compile("(?:(?:[a-zA-Z_]|\\$(?:\\{\\w+\\}|\\w+))+\\w*)+");
  private static final Set<String> WITH_TARGET =
      Set.of("replace", "hashmod", "lowercase", "uppercase", "keepequal", "dropequal");
  private static final Set<String> OF_CASE = Set.of("lowercase", "uppercase");
  private static final Set<String> OF_EQUALITY = Set.of("keepequal", "dropequal");
  private static final Set<String> OF_NAMES = Set.of("labeldrop", "labelkeep");
  private static final String ANY = "(.*)";
  private static final String WHOLE = "$1";

  /// Whether a name of a label is one.
  boolean isLabel(String name) {
    return version.major() >= 3 ? !name.isEmpty() : LABEL.matcher(name).matches();
  }

  private boolean isTemplate(String name) {
    return version.major() >= 3 ? !name.isEmpty() : TEMPLATE.matcher(name).matches();
  }

  void check(List<Struct> rules) throws RejectedException {
    for (int i = 0; i < rules.size(); i++) {
      try {
        check(rules.get(i));
      } catch (RejectedException e) {
        throw e.in("[" + i + "]");
      }
    }
  }

  private void check(Struct rule) throws RejectedException {
    String said = rule.has("action") ? rule.string("action") : "replace";
    String action = said.toLowerCase(Locale.ROOT);
    checkVersion(said, action);
    checkRegex(rule.string("regex"));
    if (action.equals("hashmod") && rule.integer("modulus") == 0) {
      throw new RejectedException("relabel configuration for hashmod requires non-zero modulus");
    }
    checkTarget(rule, said, action);
    checkReplacement(rule, said, action);
    checkOthers(rule, said, action);
  }

  private void checkVersion(String said, String action) throws RejectedException {
    require(
        !OF_CASE.contains(action) || version.isAtLeast(2, 36),
        said + " relabel action is only supported from Prometheus version 2.36.0");
    require(
        !OF_EQUALITY.contains(action) || version.isAtLeast(2, 41),
        said + " relabel action is only supported from Prometheus version 2.41.0");
  }

  private static void checkRegex(String regex) throws RejectedException {
    try {
      com.google.re2j.Pattern _ = com.google.re2j.Pattern.compile("^(?s:" + regex + ")$");
    } catch (PatternSyntaxException e) {
      throw new RejectedException(
          "invalid regex %s for relabel configuration: %s".formatted(regex, e.getMessage()));
    }
  }

  private void checkTarget(Struct rule, String said, String action) throws RejectedException {
    if (!WITH_TARGET.contains(action)) {
      return;
    }
    String target = rule.string("targetLabel");
    require(
        !target.isEmpty(), "relabel configuration for " + said + " action needs targetLabel value");
    boolean template = action.equals("replace") && target.contains("$");
    require(
        template ? isTemplate(target) : isLabel(target),
        "\"%s\" is invalid 'target_label' for %s action".formatted(target, said));
  }

  private void checkReplacement(Struct rule, String said, String action) throws RejectedException {
    if (!rule.has("replacement")) {
      return;
    }
    String replacement = rule.string("replacement");
    require(
        replacement.equals(WHOLE) || !OF_CASE.contains(action) && !OF_EQUALITY.contains(action),
        "'replacement' can not be set for " + said + " action");
    require(
        !action.equals("labelmap") || isTemplate(replacement),
        "\"%s\" is invalid 'replacement' for %s action".formatted(replacement, said));
  }

  private static void checkOthers(Struct rule, String said, String action)
      throws RejectedException {
    boolean usual =
        rule.integer("modulus") == 0
            && isUsual(rule, "separator", ";")
            && isUsual(rule, "replacement", WHOLE);
    require(
        !OF_EQUALITY.contains(action) || usual && isUsual(rule, "regex", ANY),
        said + " action requires only 'source_labels' and `target_label`, and no other fields");
    require(
        !OF_NAMES.contains(action)
            || usual && rule.list("sourceLabels").isEmpty() && rule.string("targetLabel").isEmpty(),
        said + " action requires only 'regex', and no other fields");
  }

  private static boolean isUsual(Struct rule, String field, String usual) {
    String value = rule.string(field);
    return !rule.has(field) || value.equals(usual) || field.equals("regex") && value.isEmpty();
  }

  private static void require(boolean condition, String message) throws RejectedException {
    if (!condition) {
      throw new RejectedException(message);
    }
  }
}
