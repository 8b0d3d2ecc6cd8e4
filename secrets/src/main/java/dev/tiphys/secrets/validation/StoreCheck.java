package dev.tiphys.secrets.validation;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.tiphys.object.GoDuration;
import dev.tiphys.object.Struct;
import dev.tiphys.secrets.model.Store;
import dev.tiphys.secrets.provider.Provider;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// What a store says that cannot be, as far as its settings tell.
///
/// @param providers the kinds of stores, by their names
record StoreCheck(Store store, Map<String, Provider> providers) {

  List<String> problems() {
    List<String> expressions = expressions();
    if (!expressions.isEmpty()) {
      return expressions;
    }
    String interval = interval();
    return interval.isEmpty() ? settings() : List.of(interval);
  }

  private List<String> expressions() {
    List<String> problems = new ArrayList<>();
    List<Struct> conditions = store.spec().structs("conditions");
    for (int i = 0; i < conditions.size(); i++) {
      List<String> expressions = conditions.get(i).strings("namespaceRegexes");
      for (int j = 0; j < expressions.size(); j++) {
        try {
          Pattern _ = Pattern.compile(expressions.get(j));
        } catch (PatternSyntaxException e) {
          problems.add(
              "failed to compile %dth namespace regex in %dth condition: %s"
                  .formatted(j, i, e.getMessage()));
        }
      }
    }
    return problems;
  }

  private String interval() {
    return switch (store.spec().get("refreshInterval")) {
      case Long seconds when seconds < 0 ->
          "invalid refreshInterval " + seconds + ": must not be negative";
      case String text -> interval(text);
      case null, default -> "";
    };
  }

  private static String interval(String text) {
    try {
      return GoDuration.nanos(text) < 0
          ? "invalid refreshInterval \"" + text + "\": must not be negative"
          : "";
    } catch (IllegalArgumentException e) {
      return "invalid refreshInterval \"" + text + "\": " + e.getMessage();
    }
  }

  private List<String> settings() {
    if (store.provider().isEmpty()) {
      return List.of(
          "store error for %s: secret stores must only have exactly one backend specified, found %d"
              .formatted(store.name(), store.spec().struct("provider").size()));
    }
    Provider provider = providers.get(store.provider());
    return provider == null
        ? List.of(
            "failed to find registered store backend for type: %s, name: %s"
                .formatted(store.provider(), store.name()))
        : provider.problem(store).stream().toList();
  }
}
