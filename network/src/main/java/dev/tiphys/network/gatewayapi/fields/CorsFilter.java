package dev.tiphys.network.gatewayapi.fields;

import dev.tiphys.network.router.table.Action;
import dev.tiphys.network.router.table.Filter;
import dev.tiphys.network.router.table.HeaderEdits;
import dev.tiphys.network.router.table.Passage;
import dev.tiphys.object.Struct;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Tells browsers which pages of other origins may use what is served, and answers what they ask
/// beforehand (the Fetch Standard, 3.2).
///
/// @param spec of a filter of type CORS
public record CorsFilter(Struct spec) implements Filter {

  private static final String ALLOW = "access-control-allow-";

  @Override
  public void filter(Passage passage) {
    String origin = passage.request().header("origin");
    String method = passage.request().header("access-control-request-method");
    boolean asksBeforehand = passage.request().method().equals("OPTIONS") && method != null;
    Map<String, String> told = new LinkedHashMap<>();
    if (origin != null && isAllowed(origin)) {
      boolean any = spec.strings("allowOrigins").contains("*") && !credentials();
      told.put(ALLOW + "origin", any ? "*" : origin);
      if (credentials()) {
        told.put(ALLOW + "credentials", "true");
      }
      put(told, "access-control-expose-headers", spec.strings("exposeHeaders"), null);
      if (asksBeforehand) {
        put(told, ALLOW + "methods", spec.strings("allowMethods"), method);
        put(
            told,
            ALLOW + "headers",
            spec.strings("allowHeaders"),
            passage.request().header("access-control-request-headers"));
        told.put("access-control-max-age", Long.toString(spec.integer("maxAge")));
      }
    }
    HeaderEdits edits = new HeaderEdits(List.of(), told, Map.of());
    if (asksBeforehand && origin != null) {
      passage.answer(new Action.Respond(204, "text/plain", ""), edits);
    } else {
      passage.editResponse(edits);
      passage.goOn();
    }
  }

  private boolean credentials() {
    return spec.bool("allowCredentials");
  }

  /// A star stands for nothing with credentials, so what is asked for is told in its place.
  private void put(
      Map<String, String> told, String header, List<String> values, @Nullable String asked) {
    boolean any = values.contains("*");
    if (any && credentials()) {
      if (asked != null) {
        told.put(header, asked);
      }
    } else if (!values.isEmpty()) {
      told.put(header, String.join(", ", values));
    }
  }

  private boolean isAllowed(String origin) {
    String asked = origin.toLowerCase(Locale.ROOT);
    return spec.strings("allowOrigins").stream()
        .anyMatch(each -> isSame(each.toLowerCase(Locale.ROOT), asked));
  }

  private static boolean isSame(String allowed, String asked) {
    int star = allowed.indexOf('*');
    if (star < 0) {
      return allowed.equals(asked);
    }
    String before = allowed.substring(0, star);
    String behind = allowed.substring(star + 1);
    return asked.length() > before.length() + behind.length()
        && asked.startsWith(before)
        && asked.endsWith(behind);
  }
}
