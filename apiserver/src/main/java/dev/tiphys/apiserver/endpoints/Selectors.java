package dev.tiphys.apiserver.endpoints;

import dev.tiphys.object.api.ApiException;
import dev.tiphys.object.selector.LabelSelector;
import dev.tiphys.object.selector.Requirement;
import dev.tiphys.schema.validation.FieldError;
import dev.tiphys.schema.validation.Formats;
import java.util.List;
import java.util.TreeSet;

/// Refuses label selectors that no label can match, as their keys or values are none.
final class Selectors {

  private Selectors() {}

  static void check(LabelSelector selector) {
    for (Requirement requirement : selector.requirements()) {
      String key = requirement.key();
      refuse("<nil>", key, Formats.labelKey(key));
      int index = 0;
      for (String value : new TreeSet<>(requirement.values())) {
        refuse("values[" + index++ + "][" + key + "]", value, Formats.labelValue(value));
      }
    }
  }

  private static void refuse(String where, String text, List<String> problems) {
    if (!problems.isEmpty()) {
      throw ApiException.badRequest(
          "unable to parse requirement: "
              + where
              + ": Invalid value: "
              + FieldError.quoted(text)
              + ": "
              + String.join("; ", problems));
    }
  }
}
