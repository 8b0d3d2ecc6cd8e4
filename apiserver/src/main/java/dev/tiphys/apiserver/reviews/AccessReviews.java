package dev.tiphys.apiserver.reviews;

import dev.tiphys.apiserver.authorization.Attributes;
import dev.tiphys.apiserver.authorization.Attributes.Subject;
import dev.tiphys.apiserver.authorization.Authorizer;
import dev.tiphys.apiserver.authorization.Decision;
import dev.tiphys.apiserver.authorization.RuleResolver;
import dev.tiphys.apiserver.request.Call;
import dev.tiphys.apiserver.request.UserInfo;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.object.api.ApiException;
import java.util.ArrayList;
import java.util.List;

/// Whether a user may do something.
///
/// @param authorizer decides it
/// @param resolver tells what can be listed
record AccessReviews(Authorizer authorizer, RuleResolver resolver) {

  /// Whether the user that is named may, in one namespace or anywhere.
  Struct ofSubject(Call call, String namespace, Struct question) {
    return decided(question, Users.of(question.struct("spec")));
  }

  /// Whether the sender may.
  Struct ofSender(Call call, String namespace, Struct question) {
    return decided(question, call.user());
  }

  private Struct decided(Struct question, UserInfo user) {
    Struct spec = question.struct("spec");
    AskedSelectors selectors = AskedSelectors.of(spec.struct("resourceAttributes"));
    Attributes attributes =
        spec.has("nonResourceAttributes")
            ? ofPath(user, spec.struct("nonResourceAttributes"))
            : new Attributes(
                user,
                spec.string("resourceAttributes", "verb"),
                subject(spec.struct("resourceAttributes")),
                selectors.selectors());
    Decision decision = authorizer.decide(attributes);
    List<String> errors = new ArrayList<>(selectors.errors());
    if (!decision.error().isEmpty()) {
      errors.addFirst(decision.error());
    }
    StructBuilder status = new StructBuilder().add("allowed", decision.isAllowed());
    if (decision.verdict() == Decision.Verdict.DENY) {
      status.add("denied", true);
    }
    status
        .addUnlessEmpty("reason", decision.reason())
        .addUnlessEmpty("evaluationError", Decision.aggregate(errors));
    return question.with("status", status.build());
  }

  private static Attributes ofPath(UserInfo user, Struct path) {
    return new Attributes(user, path.string("verb"), new Subject.OfPath(path.string("path")));
  }

  private static Subject.OfResource subject(Struct resource) {
    String version = resource.string("version");
    return new Subject.OfResource(
        resource.string("group"),
        version.isEmpty() ? "*" : version,
        resource.string("resource"),
        resource.string("subresource"),
        resource.string("namespace"),
        resource.string("name"));
  }

  /// What the sender may do in a namespace.
  Struct rules(Call call, String namespace, Struct question) {
    String asked = question.string("spec", "namespace");
    if (asked.isEmpty()) {
      throw ApiException.badRequest("no namespace on request");
    }
    List<Struct> resources = new ArrayList<>();
    List<Struct> paths = new ArrayList<>();
    RuleResolver.Rules found = resolver.rulesFor(call.user(), asked);
    for (Struct rule : found.rules()) {
      (rule.has("nonResourceURLs") ? paths : resources).add(rule);
    }
    Struct status =
        new StructBuilder()
            .add("resourceRules", List.copyOf(resources))
            .add("nonResourceRules", List.copyOf(paths))
            .add("incomplete", found.incomplete())
            .addUnlessEmpty("evaluationError", Decision.aggregate(found.errors()))
            .build();
    // upstream does not repeat the question
    return question
        .with("metadata", Struct.EMPTY)
        .with("spec", Struct.EMPTY)
        .with("status", status);
  }
}
