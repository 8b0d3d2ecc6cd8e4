package dev.tiphys.network.gatewayapi;

import com.google.re2j.Pattern;
import dev.tiphys.network.gatewayapi.fields.Expressions;
import dev.tiphys.network.router.table.Condition;
import dev.tiphys.network.router.table.PathMatch;
import dev.tiphys.network.router.table.Paths;
import dev.tiphys.object.Struct;
import java.util.ArrayList;
import java.util.List;

/// One match of an HTTPRoute or GRPCRoute.
///
/// @param specific by what the most specific of several is found, the greater the more
record HttpMatch(PathMatch path, List<Condition> conditions, List<Integer> specific) {

  /// Exact paths, then expressions, then prefixes; among these the longest; then what asks for a
  /// method, for more headers, for more parameters.
  static HttpMatch ofHttp(Struct match) {
    String type = match.string("path", "type");
    String value = match.has("path", "value") ? match.string("path", "value") : "/";
    String normal = Paths.normal(value);
    String asked = normal == null ? value : normal;
    PathMatch path =
        switch (type) {
          case "Exact" -> new PathMatch.Exact(asked);
          case "RegularExpression" -> new PathMatch.Expression(Pattern.compile(value), true);
          default -> new PathMatch.Prefix(asked);
        };
    List<Condition> headers = Expressions.headers(match);
    List<Condition> queries = Expressions.queries(match);
    List<Condition> all = new ArrayList<>();
    if (match.has("method")) {
      all.add(new Condition.Method(match.string("method")));
    }
    all.addAll(headers);
    all.addAll(queries);
    int kind = type.equals("Exact") ? 2 : type.equals("RegularExpression") ? 1 : 0;
    int length = path instanceof PathMatch.Prefix(String prefix) ? prefix.length() : value.length();
    return new HttpMatch(
        path,
        all,
        List.of(kind, length, match.has("method") ? 1 : 0, headers.size(), queries.size()));
  }

  /// The longest service, then the longest method, then what asks for more headers.
  static HttpMatch ofGrpc(Struct match) {
    String service = match.string("method", "service");
    String method = match.string("method", "method");
    boolean expression = match.string("method", "type").equals("RegularExpression");
    PathMatch path;
    if (service.isEmpty() && method.isEmpty()) {
      path = new PathMatch.Prefix("/");
    } else if (!expression && !service.isEmpty()) {
      path =
          method.isEmpty()
              ? new PathMatch.Prefix("/" + service)
              : new PathMatch.Exact("/" + service + "/" + method);
    } else {
      path =
          new PathMatch.Expression(
              Pattern.compile("/" + part(service, expression) + "/" + part(method, expression)),
              true);
    }
    List<Condition> headers = Expressions.headers(match);
    return new HttpMatch(path, headers, List.of(service.length(), method.length(), headers.size()));
  }

  private static String part(String text, boolean expression) {
    return text.isEmpty() ? "[^/]+" : expression ? "(?:" + text + ")" : Pattern.quote(text);
  }
}
