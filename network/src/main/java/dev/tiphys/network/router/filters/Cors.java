package dev.tiphys.network.router.filters;

import dev.tiphys.network.router.table.Action;
import dev.tiphys.network.router.table.Filter;
import dev.tiphys.network.router.table.HeaderEdits;
import dev.tiphys.network.router.table.Passage;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Tells browsers which pages of other origins may use what is served here (the Fetch Standard,
/// 3.2), and answers what they ask beforehand.
///
/// @param origins `*` for any; `https://*.example.com` for any one label
/// @param methods as they are told, as the other texts are
/// @param credentials whether requests with credentials may be made
/// @param exposed empty for none
public record Cors(
    List<String> origins,
    String methods,
    String headers,
    boolean credentials,
    int maxAge,
    String exposed)
    implements Filter {

  public Cors {
    origins = List.copyOf(origins);
  }

  @Override
  public void filter(Passage passage) {
    String origin = passage.request().header("origin");
    Map<String, String> told = new LinkedHashMap<>();
    String allowed = origin(origin);
    if (allowed != null) {
      told.put("Access-Control-Allow-Origin", allowed);
      if (credentials) {
        told.put("Access-Control-Allow-Credentials", "true");
      }
      told.put("Access-Control-Allow-Methods", methods);
      told.put("Access-Control-Allow-Headers", headers);
      if (!exposed.isEmpty()) {
        told.put("Access-Control-Expose-Headers", exposed);
      }
      told.put("Access-Control-Max-Age", Integer.toString(maxAge));
    }
    HeaderEdits edits = new HeaderEdits(List.of(), told, Map.of());
    if (passage.request().method().equals("OPTIONS")) {
      passage.answer(new Action.Respond(204, "text/plain charset=UTF-8", ""), edits);
    } else {
      passage.editResponse(edits);
      passage.goOn();
    }
  }

  /// What is told to be allowed; null if nothing is.
  private @Nullable String origin(@Nullable String asked) {
    if (origins.contains("*")) {
      return "*";
    }
    if (asked != null) {
      for (String each : origins) {
        if (isSame(each, asked)) {
          return asked;
        }
      }
    }
    return null;
  }

  private static boolean isSame(String allowed, String asked) {
    int star = allowed.indexOf("*.");
    if (star < 0) {
      return allowed.equalsIgnoreCase(asked);
    }
    String before = allowed.substring(0, star);
    String behind = allowed.substring(star + 1);
    int rest = asked.length() - behind.length();
    return rest > before.length()
        && asked.regionMatches(true, 0, before, 0, before.length())
        && asked.regionMatches(true, rest, behind, 0, behind.length())
        && asked.substring(before.length(), rest).chars().allMatch(Cors::isOfLabel);
  }

  private static boolean isOfLabel(int each) {
    return Character.isLetterOrDigit(each) || each == '-' || each == '_';
  }
}
