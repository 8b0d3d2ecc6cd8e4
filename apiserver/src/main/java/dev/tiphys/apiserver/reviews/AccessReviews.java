package dev.tiphys.apiserver.reviews;

import dev.tiphys.apiserver.authorization.Attributes;
import dev.tiphys.apiserver.authorization.Attributes.Subject;
import dev.tiphys.apiserver.authorization.Authorizer;
import dev.tiphys.apiserver.registry.Invalid;
import dev.tiphys.apiserver.request.Call;
import dev.tiphys.apiserver.request.UserInfo;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.schema.GroupKind;
import dev.tiphys.schema.validation.FieldErrors;
import java.util.List;

/// Whether a user may do something.
///
/// @param authorizer decides it
record AccessReviews(Authorizer authorizer) {

  /// Upstream's refusals name the group alone.
  private static final GroupKind NAMELESS = new GroupKind("authorization.k8s.io", "");

  private static final List<String> ANY = List.of("*");

  /// Whether the user that is named may.
  Struct ofSubject(Call call, String namespace, Struct question) {
    check(AccessReviewRules.ofSubject(question));
    return decided(question, Users.of(question.struct("spec")));
  }

  /// The same, in one namespace.
  Struct ofLocalSubject(Call call, String namespace, Struct question) {
    check(AccessReviewRules.ofLocalSubject(question, namespace));
    return decided(question, Users.of(question.struct("spec")));
  }

  /// Whether the sender may.
  Struct ofSender(Call call, String namespace, Struct question) {
    check(AccessReviewRules.ofSender(question));
    return decided(question, call.user());
  }

  private static void check(FieldErrors errors) {
    if (!errors.isEmpty()) {
      throw Invalid.refusal(NAMELESS, "", errors);
    }
  }

  private Struct decided(Struct question, UserInfo user) {
    Struct spec = question.struct("spec");
    Attributes attributes =
        spec.has("nonResourceAttributes")
            ? ofPath(user, spec.struct("nonResourceAttributes"))
            : ofResource(user, spec.struct("resourceAttributes"));
    return question.with("status", Struct.of("allowed", authorizer.decide(attributes).isAllowed()));
  }

  private static Attributes ofPath(UserInfo user, Struct path) {
    return new Attributes(user, path.string("verb"), new Subject.OfPath(path.string("path")));
  }

  private static Attributes ofResource(UserInfo user, Struct resource) {
    return new Attributes(
        user,
        resource.string("verb"),
        new Subject.OfResource(
            resource.string("group"),
            resource.string("version"),
            resource.string("resource"),
            resource.string("subresource"),
            resource.string("namespace"),
            resource.string("name")));
  }

  /// What the sender may do in a namespace.
  Struct rules(Call call, String namespace, Struct question) {
    if (question.string("spec", "namespace").isEmpty()) {
      throw ApiException.badRequest("no namespace on request");
    }
    boolean all =
        authorizer
            .decide(
                new Attributes(call.user(), "*", new Subject.OfResource("*", "*", "*", "", "", "")))
            .isAllowed();
    List<Struct> resources =
        all ? List.of(Struct.of("verbs", ANY, "apiGroups", ANY, "resources", ANY)) : List.of();
    List<Struct> paths = all ? List.of(Struct.of("verbs", ANY, "nonResourceURLs", ANY)) : List.of();
    Struct status =
        Struct.of("resourceRules", resources, "nonResourceRules", paths, "incomplete", false);
    // upstream does not repeat the question
    return question.with("spec", Struct.EMPTY).with("status", status);
  }
}
