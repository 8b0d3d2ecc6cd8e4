package dev.tiphys.network.gatewayapi.fields;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.tiphys.network.router.table.Condition;
import dev.tiphys.network.router.table.ValueMatch;
import dev.tiphys.object.Struct;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Reads what values must look like. Regular expressions are RE2's, and match a value as a whole.
public final class Expressions {

  private static final String REGULAR = "RegularExpression";

  private Expressions() {}

  private static ValueMatch value(Struct match) {
    String value = match.string("value");
    return match.string("type").equals(REGULAR)
        ? new ValueMatch.Expression(Pattern.compile(value))
        : new ValueMatch.Exact(value);
  }

  /// Of several for one header, whatever its case, the first counts.
  public static List<Condition> headers(Struct match) {
    List<Condition> conditions = new ArrayList<>();
    List<String> seen = new ArrayList<>();
    for (Struct each : match.structs("headers")) {
      String name = each.string("name");
      if (seen.stream().noneMatch(name::equalsIgnoreCase)) {
        seen.add(name);
        conditions.add(new Condition.Header(name, value(each)));
      }
    }
    return conditions;
  }

  public static List<Condition> queries(Struct match) {
    List<Condition> conditions = new ArrayList<>();
    match
        .structs("queryParams")
        .forEach(each -> conditions.add(new Condition.Query(each.string("name"), value(each))));
    return conditions;
  }

  /// Why an expression of a rule can't be read; null if all can.
  public static @Nullable String problem(Struct rule) {
    for (Struct match : rule.structs("matches")) {
      List<Struct> all = new ArrayList<>(match.structs("headers"));
      all.addAll(match.structs("queryParams"));
      all.add(match.struct("path"));
      Struct method = match.struct("method");
      for (String part : List.of("service", "method")) {
        all.add(Struct.of("type", method.string("type"), "value", method.string(part)));
      }
      for (Struct each : all) {
        try {
          value(each);
        } catch (PatternSyntaxException e) {
          return "%s is no regular expression: %s".formatted(each.string("value"), e.getMessage());
        }
      }
    }
    return null;
  }
}
