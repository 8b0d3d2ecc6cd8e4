package dev.tiphys.network.ingress;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.tiphys.network.ingress.annotations.Annotations;
import dev.tiphys.network.router.table.Condition;
import dev.tiphys.network.router.table.ValueMatch;
import java.util.ArrayList;
import java.util.List;

/// Which requests a canary gets: by a header, else by a cookie, else by its weight.
///
/// @param choices what decides before the weight does, in this order
/// @param weight how many requests of `total`
record Canary(List<Choice> choices, int weight, int total) {

  /// A request for which the condition holds goes to the canary, or doesn't.
  record Choice(Condition condition, boolean toCanary) {}

  static Canary of(Annotations annotations) {
    List<Choice> choices = new ArrayList<>();
    String header = annotations.text("canary-by-header");
    if (header != null) {
      addHeader(choices, annotations, header);
    }
    String cookie = annotations.text("canary-by-cookie");
    if (cookie != null) {
      choices.add(new Choice(new Condition.Cookie(cookie, is("always")), true));
      choices.add(new Choice(new Condition.Cookie(cookie, is("never")), false));
    }
    int total = Math.max(100, annotations.values().number("canary-weight-total", 100));
    int weight = Math.min(total, annotations.values().number("canary-weight", 0));
    return new Canary(choices, weight, total);
  }

  private static void addHeader(List<Choice> choices, Annotations annotations, String header) {
    String value = annotations.text("canary-by-header-value");
    String pattern = annotations.text("canary-by-header-pattern");
    if (value != null) {
      choices.add(new Choice(new Condition.Header(header, is(value)), true));
    } else if (pattern != null) {
      try {
        Pattern anywhere = Pattern.compile("(?s).*(?:" + pattern + ").*");
        choices.add(
            new Choice(new Condition.Header(header, new ValueMatch.Expression(anywhere)), true));
      } catch (PatternSyntaxException e) {
        choices.add(new Choice(new Condition.Header(header, new ValueMatch.Present()), false));
      }
    } else {
      choices.add(new Choice(new Condition.Header(header, is("always")), true));
      choices.add(new Choice(new Condition.Header(header, is("never")), false));
    }
  }

  private static ValueMatch is(String value) {
    return new ValueMatch.Exact(value);
  }
}
