package dev.tiphys.apiserver.authorization.webhook;

import dev.tiphys.apiserver.authorization.Attributes;
import dev.tiphys.apiserver.authorization.Attributes.Selectors;
import dev.tiphys.apiserver.authorization.Attributes.Subject;
import dev.tiphys.apiserver.request.UserInfo;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.object.selector.Requirement;
import java.util.List;
import java.util.TreeSet;

/// A request as the `spec` of a SubjectAccessReview.
final class ReviewSpec {

  private ReviewSpec() {}

  static Struct of(Attributes attributes) {
    UserInfo user = attributes.user();
    StructBuilder extra = new StructBuilder();
    user.extra().forEach(extra::add);
    StructBuilder spec = new StructBuilder();
    switch (attributes.subject()) {
      case Subject.OfPath(String path) ->
          spec.add(
              "nonResourceAttributes",
              new StructBuilder()
                  .addUnlessEmpty("path", path)
                  .addUnlessEmpty("verb", attributes.verb())
                  .build());
      case Subject.OfResource resource ->
          spec.add("resourceAttributes", resource(attributes, resource));
    }
    return spec.addUnlessEmpty("user", user.name())
        .addUnlessEmpty("groups", user.groups())
        .addUnlessEmpty("extra", extra.build())
        .addUnlessEmpty("uid", user.uid())
        .build();
  }

  private static Struct resource(Attributes attributes, Subject.OfResource resource) {
    Selectors selectors = attributes.selectors();
    return new StructBuilder()
        .addUnlessEmpty("namespace", resource.namespace())
        .addUnlessEmpty("verb", attributes.verb())
        .addUnlessEmpty("group", resource.group())
        .addUnlessEmpty("version", resource.version())
        .addUnlessEmpty("resource", resource.plural())
        .addUnlessEmpty("subresource", resource.subresource())
        .addUnlessEmpty("name", resource.name())
        .addUnlessEmpty("fieldSelector", fields(selectors))
        .addUnlessEmpty("labelSelector", labels(selectors))
        .build();
  }

  private static Struct fields(Selectors selectors) {
    return requirements(
        selectors.fields().stream()
            .map(
                term ->
                    requirement(term.field(), term.equal() ? "In" : "NotIn", List.of(term.value())))
            .toList());
  }

  private static Struct labels(Selectors selectors) {
    return requirements(
        selectors.labels().stream()
            .filter(each -> !operator(each).isEmpty())
            .map(
                each ->
                    requirement(
                        each.key(), operator(each), List.copyOf(new TreeSet<>(each.values()))))
            .toList());
  }

  /// Empty for comparisons that a review can't express: it then asks for more.
  private static String operator(Requirement requirement) {
    return switch (requirement.operator()) {
      case IN -> "In";
      case NOT_IN -> "NotIn";
      case EXISTS -> "Exists";
      case DOES_NOT_EXIST -> "DoesNotExist";
      case GREATER_THAN, LESS_THAN -> "";
    };
  }

  private static Struct requirement(String key, String operator, List<String> values) {
    return new StructBuilder()
        .add("key", key)
        .add("operator", operator)
        .addUnlessEmpty("values", values)
        .build();
  }

  private static Struct requirements(List<Struct> all) {
    return all.isEmpty() ? Struct.EMPTY : Struct.of("requirements", all);
  }
}
