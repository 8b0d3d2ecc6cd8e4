package dev.tiphys.apiserver.reviews;

import dev.tiphys.apiserver.authorization.Attributes.Selectors;
import dev.tiphys.object.Struct;
import dev.tiphys.object.selector.FieldSelector;
import dev.tiphys.object.selector.LabelSelector;
import dev.tiphys.object.selector.Requirement;
import java.util.ArrayList;
import java.util.List;

/// The selectors in a question for access.
///
/// @param selectors as far as they can be read
/// @param errors what is said of those that can't
record AskedSelectors(Selectors selectors, List<String> errors) {

  /// @param attributes the resource that is asked about
  static AskedSelectors of(Struct attributes) {
    List<String> errors = new ArrayList<>();
    List<FieldSelector.Term> fields = fields(attributes.struct("fieldSelector"), errors);
    List<Requirement> labels = labels(attributes.struct("labelSelector"), errors);
    return new AskedSelectors(new Selectors(fields, labels), errors);
  }

  private static List<FieldSelector.Term> fields(Struct selector, List<String> errors) {
    List<FieldSelector.Term> terms = new ArrayList<>();
    boolean complete = true;
    try {
      terms.addAll(FieldSelector.parse(selector.string("rawSelector")).terms());
    } catch (IllegalArgumentException e) {
      complete = false;
    }
    for (Struct requirement : selector.structs("requirements")) {
      String operator = requirement.string("operator");
      List<String> values = requirement.strings("values");
      if (values.size() == 1 && (operator.equals("In") || operator.equals("NotIn"))) {
        terms.add(
            new FieldSelector.Term(
                requirement.string("key"), operator.equals("In"), values.getFirst()));
      } else {
        complete = false; // fields can't be compared in other ways
      }
    }
    note("fieldSelector", complete, terms, errors);
    return terms;
  }

  private static List<Requirement> labels(Struct selector, List<String> errors) {
    List<Requirement> requirements = new ArrayList<>();
    boolean complete = true;
    try {
      requirements.addAll(LabelSelector.parse(selector.string("rawSelector")).requirements());
    } catch (IllegalArgumentException e) {
      complete = false;
    }
    for (Struct requirement : selector.structs("requirements")) {
      try {
        requirements.addAll(
            LabelSelector.from(Struct.of("matchExpressions", List.of(requirement))).requirements());
      } catch (IllegalArgumentException e) {
        complete = false;
      }
    }
    note("labelSelector", complete, requirements, errors);
    return requirements;
  }

  private static void note(String field, boolean complete, List<?> read, List<String> errors) {
    if (!complete) {
      errors.add(
          "spec.resourceAttributes."
              + field
              + (read.isEmpty() ? "" : " partially")
              + " ignored due to parse error");
    }
  }
}
