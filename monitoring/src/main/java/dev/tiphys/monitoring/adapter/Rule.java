package dev.tiphys.monitoring.adapter;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.tiphys.object.Struct;
import dev.tiphys.template.Functions;
import dev.tiphys.template.Template;
import dev.tiphys.template.TemplateException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// One rule by which series become metrics of the API.
///
/// @param seriesQuery selects the series
/// @param filters what their names must be besides
/// @param resources which labels name objects: see [ResourceLabels]
/// @param matches what names must match; what is captured is the metric's name
/// @param as the metric's name, with what was captured as `$1`; empty if it is told by `matches`
/// @param query asks for the values; a template of Go between `<<` and `>>`
record Rule(
    String seriesQuery,
    List<Filter> filters,
    Struct resources,
    Pattern matches,
    String as,
    Template query) {

  /// @param is whether names are to match, or not to
  private record Filter(Pattern pattern, boolean is) {}

  Rule {
    filters = List.copyOf(filters);
  }

  /// A rule as configurations have it.
  ///
  /// @throws IllegalArgumentException if it cannot be used, with the reason
  static Rule parse(Struct rule) {
    try {
      List<Filter> filters = new ArrayList<>();
      for (Struct filter : rule.structs("seriesFilters")) {
        boolean is = !filter.string("is").isEmpty();
        filters.add(new Filter(Pattern.compile(filter.string(is ? "is" : "isNot")), is));
      }
      String matches = rule.string("name", "matches");
      Pattern pattern = Pattern.compile(matches.isEmpty() ? ".*" : matches);
      String as = rule.string("name", "as");
      if (as.isEmpty() && pattern.groupCount() > 1) {
        throw new IllegalArgumentException(
            "name.matches captures more than one group, and name.as does not say which is the name");
      }
      return new Rule(
          required(rule, "seriesQuery"),
          filters,
          rule.struct("resources"),
          pattern,
          as.isEmpty() ? (pattern.groupCount() == 1 ? "$1" : "$0") : as,
          Template.parse(
              "metrics-query",
              required(rule, "metricsQuery"),
              ResourceLabels.DELIMITERS,
              Functions.builtins()));
    } catch (PatternSyntaxException | TemplateException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }

  private static String required(Struct rule, String field) {
    String text = rule.string(field);
    if (text.isEmpty()) {
      throw new IllegalArgumentException(field + " is missing");
    }
    return text;
  }

  /// What the metric of a series is called; absent if it is none of this rule.
  Optional<String> metric(String series) {
    for (Filter filter : filters) {
      if (filter.pattern.matcher(series).find() != filter.is) {
        return Optional.empty();
      }
    }
    Matcher matcher = matches.matcher(series);
    return matcher.find() ? Optional.of(expanded(matcher)) : Optional.empty();
  }

  private String expanded(Matcher matcher) {
    StringBuilder name = new StringBuilder();
    int at = 0;
    while (at < as.length()) {
      char c = as.charAt(at);
      boolean group = c == '$' && at + 1 < as.length() && Character.isDigit(as.charAt(at + 1));
      if (group) {
        int number = as.charAt(at + 1) - '0';
        String captured = number <= matcher.groupCount() ? matcher.group(number) : null;
        name.append(captured == null ? "" : captured);
        at += 2;
      } else {
        name.append(c);
        at++;
      }
    }
    return name.toString();
  }
}
